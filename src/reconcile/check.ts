// One health check of one instance: a sentence that says what is wrong, or null.
import { request } from "node:http";
import { connect } from "node:net";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { Instance } from "../domain/instance.ts";
import type { Launch } from "../domain/release.ts";
import { runCommand } from "../lib/run-command.ts";
import { instanceEnv } from "./instance-env.ts";

/** An answer is read up to here at most, in bytes; more is not needed to know that the app answers. */
const MAX_ANSWER = 65_536;

/**
 * Asks the instance as its release says. Only ever the app's own socket: a port held by a stranger is a failure by
 * itself. Redirects are not followed.
 */
export async function check(
  context: Context,
  app: App,
  instance: Instance,
  launch: Launch,
  signal?: AbortSignal,
): Promise<string | null> {
  const { check: how, timeoutMs } = launch.health;
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
  if (how.type === "none") return null;
  if (how.type === "command") {
    const env = readEnv(context, app, instance, launch);
    return env === null ? null : await runCheck(how.argv, env, launch.cwd, limit);
  }
  if (instance.port === null || instance.handle === null) return null;
  // Whether anybody listens is quickly found out; only then the kernel is asked who, which is dear.
  if (launch.listens === "optional" && !(await takesConnections(instance.host, instance.port))) return null;
  const engine = context.engines[instance.engine];
  if (engine?.isSuspended(instance.id, instance.handle)) return "it is suspended (stopped by a signal)";
  const owner = engine?.portOwner(instance.id, instance.handle, instance.host, instance.port);
  if (owner === "stranger") return `its port ${instance.port} is held by another program`;
  if (owner === "none")
    return launch.listens === "optional" ? null : `it does not listen on port ${instance.port} any more`;
  return how.type === "tcp"
    ? await connects(instance.host, instance.port, limit)
    : await answers(instance.host, instance.port, how.path, limit);
}

/** Null where it can't be read any more (env file or key are gone): that is no reason to end an app that runs. */
function readEnv(...args: Parameters<typeof instanceEnv>): Record<string, string> | null {
  try {
    return instanceEnv(...args);
  } catch {
    return null;
  }
}

/** Does anybody listen there? */
export const takesConnections = async (host: string, port: number): Promise<boolean> =>
  (await connects(host, port, AbortSignal.timeout(1_000))) === null;

function connects(host: string, port: number, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (problem: string | null): void => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      resolve(problem);
    };
    const onAbort = (): void => end(`port ${port} took no connection in time`);
    signal.addEventListener("abort", onAbort);
    socket.once("connect", () => end(null));
    socket.once("error", (error) => end(`port ${port} refused the connection (${error.message})`));
  });
}

function answers(host: string, port: number, path: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const headers = { host: `localhost:${port}`, "user-agent": "Gantry-health", connection: "close" };
    const asked = request({ host, port, path, headers, agent: false, signal }, (answer) => {
      const status = answer.statusCode ?? 0;
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER) asked.destroy();
      });
      resolve(isHealthy(status, path) ? null : `GET ${path} answered ${status}`);
    });
    asked.once("error", (error) =>
      resolve(signal.aborted ? `GET ${path} was not answered in time` : `GET ${path}: ${error.message}`),
    );
    asked.end();
  });
}

/** `/` is asked where no better path is known: any answer but a server error shows that the app lives. */
const isHealthy = (status: number, path: string): boolean =>
  status >= 200 && status < (path === "/" ? 500 : 400);

async function runCheck(
  argv: string[],
  env: Record<string, string>,
  cwd: string,
  signal: AbortSignal,
): Promise<string | null> {
  const [command, ...args] = argv;
  if (command === undefined) return null;
  try {
    const result = await runCommand(command, args, { cwd, env, signal });
    return result.code === 0 ? null : `${command} exited with code ${result.code}`;
  } catch (error) {
    return signal.aborted ? `${command} did not end in time` : `${command}: ${(error as Error).message}`;
  }
}
