// A daemon that deploys, as a process of its own that a test may kill in any stage; its apps and its edge are real.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import type { AppConfig } from "../../src/domain/app.ts";
import type { AppView } from "../../src/domain/app-view.ts";
import type { Origin, StageName } from "../../src/domain/deployment.ts";
import type { DeploymentView } from "../../src/domain/deployment-view.ts";
import type { ReleaseView } from "../../src/domain/release-view.ts";
import { claimPorts } from "./port-block.ts";
import { endAllOf, processesOf } from "./processes.ts";
import type { Ask } from "./request.ts";
import { pause, until } from "./until.ts";

const PROGRAM = join(import.meta.dirname, "..", "fixtures", "programs", "deployer.ts");

/** So long everything may take to end. */
const END_MS = 60_000;

interface News {
  event: string;
  message: string;
  data?: { deploymentId?: string; stage?: string };
}

export interface Deployer {
  home: string;
  news: News[];
  at: (app: string, path?: string) => Ask;
  /** A port that Gantry gives to nobody. */
  ownPort: number;
  create: (name: string, config?: Partial<AppConfig>) => Promise<void>;
  /** Stores the files and deploys them; resolves with the deployment's id when it is stored. */
  deploy: (name: string, files: Record<string, string>) => Promise<string>;
  rollback: (name: string, number: number | null) => Promise<string>;
  /** Resolves when it is over. */
  over: (id: string) => Promise<DeploymentView>;
  /** Resolves when it is in the stage, or over. */
  inStage: (id: string, stage: StageName) => Promise<void>;
  releases: (name: string) => Promise<ReleaseView[]>;
  app: (name: string) => Promise<AppView>;
  ask: <Result>(command: string, ...args: unknown[]) => Promise<Result>;
  /** `kill -9`, and the next daemon on the same home. */
  kill: () => Promise<void>;
}

/** Ends with the test; the test fails when something of it goes on. */
export async function startDeployer(env: Record<string, string> = {}): Promise<Deployer> {
  const home = mkdtempSync("/tmp/g-d-");
  const ports = await claimPorts();
  const settings = {
    GANTRY_HOME: home,
    GANTRY_PORT: String(ports.port),
    GANTRY_HTTP_PORT: String(ports.httpPort),
    GANTRY_HTTPS_PORT: String(ports.httpsPort),
    GANTRY_PORT_RANGE: `${ports.range.first}-${ports.range.last}`,
    ...env,
  };
  const news: News[] = [];
  let daemon: Running | undefined;
  const ask = async <Result>(command: string, ...args: unknown[]): Promise<Result> => {
    if (daemon === undefined) throw new Error("there is no daemon");
    return daemon.ask(command, args);
  };
  onTestFinished(async () => {
    await Promise.race([ask("end").catch(() => {}), pause(END_MS)]);
    daemon?.child.kill("SIGKILL");
    const left = await until("everything to end", () => processesOf(home).length === 0, 5_000).catch(() =>
      processesOf(home),
    );
    await endAllOf(home);
    ports.release();
    rmSync(home, { recursive: true, force: true });
    if (left !== true) throw new Error(`left: ${JSON.stringify(left)}`);
  }, 2 * END_MS);
  daemon = await start(settings, news);
  const deployment = (id: string): Promise<DeploymentView> => ask("deployment", id);
  return {
    home,
    news,
    ask,
    at: (app, path = "/") => ({
      port: ports.httpPort,
      path,
      headers: { host: `${app}.localhost:${ports.httpPort}` },
    }),
    ownPort: ports.httpsPort,
    create: (name, config = {}) => ask("create", name, config),
    deploy: async (name, files) => ask("deploy", name, await ask<Origin>("store", name, files)),
    rollback: (name, number) => ask("rollback", name, number),
    over: (id) =>
      until(`the end of ${id}`, async () => {
        const now = await deployment(id);
        return !now.open && now;
      }),
    inStage: (id, stage) =>
      until(stage, () =>
        news.some(
          ({ event, data }) =>
            data?.deploymentId === id && (data.stage === stage || /finished|failed|cancelled/.test(event)),
        ),
      ).then(() => {}),
    releases: (name) => ask("releases", name),
    app: (name) => ask("app", name),
    async kill() {
      daemon?.child.kill("SIGKILL");
      await daemon?.ended;
      daemon = await start(settings, news);
    },
  };
}

interface Running {
  child: ChildProcess;
  ended: Promise<void>;
  ask: <Result>(command: string, args: unknown[]) => Promise<Result>;
}

async function start(env: Record<string, string>, news: News[]): Promise<Running> {
  const child = spawn(process.execPath, [PROGRAM], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = Promise.withResolvers<void>();
  const waiting = new Map<number, PromiseWithResolvers<never>>();
  createInterface({ input: child.stdout }).on("line", (text) => {
    const line = JSON.parse(text);
    if (line.ready) ready.resolve();
    else if (line.event !== undefined) news.push(line);
    else if (line.error !== undefined)
      waiting.get(line.id)?.reject(Object.assign(new Error(line.error.message), line.error));
    else waiting.get(line.id)?.resolve(line.result as never);
  });
  void ended.then(() => {
    const gone = new Error("the daemon ended");
    ready.reject(gone);
    for (const { reject } of waiting.values()) reject(gone);
  });
  await ready.promise;
  let number = 0;
  return {
    child,
    ended,
    ask(command, args) {
      const answer = Promise.withResolvers<never>();
      waiting.set(++number, answer);
      child.stdin?.write(`${JSON.stringify({ id: number, command, args })}\n`);
      return answer.promise;
    },
  };
}
