// For the tests of the process engine: homes, orders, and an end to everything that a test started.
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Resources } from "../../src/domain/app.ts";
import type { Engine, LaunchOrder } from "../../src/domain/engine.ts";
import { createProcessEngine } from "../../src/engines/process/process-engine.ts";
import { isDead, readProcess } from "../../src/lib/processes.ts";
import type { Program } from "../contracts/engine.ts";

export type Tier = "best" | "mark";
export const NO_LIMITS: Resources = { cpu: null, memoryBytes: null, pids: null };

const LISTEN =
  "require('net').createServer().listen(Number(process.argv[1]), process.argv[2] || '127.0.0.1')";

export interface Bench {
  home: string;
  engine: Engine;
  another(): Engine;
  order(instanceId: string, argv: string[], change?: Partial<LaunchOrder>): LaunchOrder;
  /** The same with a script for `sh`. */
  script(instanceId: string, script: string, change?: Partial<LaunchOrder>): LaunchOrder;
  log(instanceId: string): string;
  dispose(): Promise<void>;
}

export function makeBench(tier: Tier): Bench {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "gantry-engine-")));
  const engines: Engine[] = [];
  const another = (): Engine => {
    const engine = createProcessEngine({ home, tier });
    engines.push(engine);
    return engine;
  };
  const order: Bench["order"] = (instanceId, argv, change) => ({
    instanceId,
    argv,
    cwd: home,
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
    logFile: join(home, "logs", `${instanceId}.log`),
    resources: NO_LIMITS,
    ...change,
  });
  return {
    home,
    engine: another(),
    another,
    order,
    script: (instanceId, script, change) => order(instanceId, ["sh", "-c", script], change),
    log: (instanceId) => readFileSync(join(home, "logs", `${instanceId}.log`), "utf8"),
    async dispose() {
      const last = another();
      for (const instanceId of (await last.adopt([])).orphans.keys()) await last.remove(instanceId, null);
      for (const engine of engines) engine.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The programs of the contract as command lines. */
export function commandOf(program: Program): string[] {
  switch (program.kind) {
    case "idle":
      return ["sleep", "1000"];
    case "exits":
      return ["sh", "-c", `exit ${program.code}`];
    case "crashes":
      return ["sh", "-c", "kill -9 $$"];
    case "ignores-term":
      return ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1000; done"];
    case "missing":
      return ["no-such-command-anywhere"];
    case "listens":
      return listenCommand(program.port);
  }
}

export const listenCommand = (port: number, host = "127.0.0.1"): string[] => [
  process.execPath,
  "-e",
  LISTEN,
  String(port),
  host,
];

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Lives and is no zombie. */
export function lives(pid: number): boolean {
  const entry = readProcess(pid);
  return entry !== null && !isDead(entry);
}
