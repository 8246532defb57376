// Starts what a toolchain built, as an engine would, and asks it over HTTP.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Build } from "../../src/domain/toolchain.ts";

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A running build. */
export interface Running {
  child: ChildProcess;
  port: number;
  /** Everything that it has printed. */
  output(): string;
  /** The text at `path`, as soon as the app answers; throws with its output when it ends before. */
  get(path: string): Promise<string>;
  stop(): Promise<void>;
}

export async function serveBuild(build: Build, cwd: string): Promise<Running> {
  const port = await freePort();
  const fill = (text: string) =>
    text.replaceAll(/\$(?:\{(PORT|HOST)\}|(PORT|HOST)\b)/g, (_all, braced?: string, bare?: string) =>
      (braced ?? bare) === "PORT" ? String(port) : "127.0.0.1",
    );
  const additions = Object.fromEntries(Object.entries(build.env).map(([name, text]) => [name, fill(text)]));
  const [command = "", ...args] = build.argv.map(fill);
  const env = { HOME: process.env.HOME, PORT: String(port), HOST: "127.0.0.1", ...additions };
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  const ended = once(child, "exit");
  return {
    child,
    port,
    output: () => output,
    get: (path) => ask(`http://127.0.0.1:${port}${path}`, child, () => output),
    stop: async () => {
      if (child.pid !== undefined) end(-child.pid);
      await ended;
    },
  };
}

async function ask(url: string, child: ChildProcess, output: () => string): Promise<string> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`it ended: ${output()}`);
    try {
      const answer = await fetch(url);
      return `${answer.status} ${await answer.text()}`;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function end(target: number): void {
  try {
    process.kill(target, "SIGKILL");
  } catch {
    // Already gone.
  }
}
