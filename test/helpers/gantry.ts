// A whole Gantry for one test or benchmark: a home and ports of its own, the built programs, and an end that leaves nothing.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AppView } from "../../src/domain/app-view.ts";
import { type CliResult, runCli } from "./cli.ts";
import { claimPorts, type PortBlock } from "./port-block.ts";
import { endAllOf, type Process, processesOf } from "./processes.ts";
import { type Answer, type Ask, ask } from "./request.ts";
import { pause, until } from "./until.ts";

/** Apps of the repository that need nothing to be installed. */
export const FIXTURES = join(import.meta.dirname, "..", "fixtures", "apps");

export interface Gantry {
  home: string;
  /** A folder for manifests and code, also deleted at the end. */
  folder: string;
  ports: PortBlock;
  env: Record<string, string>;
  cli: (
    args: string[],
    options?: { cwd?: string; timeoutMs?: number; env?: Record<string, string>; program?: string },
  ) => Promise<CliResult>;
  /** Writes `gantry.yaml` with these apps and runs `gantry up`; throws with all output unless it ended with 0. */
  up: (apps: Record<string, object>, options?: { program?: string }) => Promise<AppView[]>;
  /** Over the private socket. */
  api: (method: string, path: string, body?: unknown) => Promise<Answer>;
  app: (name: string) => Promise<AppView>;
  /** Where the edge answers for an app; to be completed with a path. */
  at: (app: string, path?: string) => Ask;
  /** The text of all log lines of an app, oldest first. */
  logs: (app: string, ...args: string[]) => Promise<string[]>;
  /** Throws when no daemon holds the socket. */
  daemonPid: () => Promise<number>;
  processes: () => Process[];
  /** Ends everything; throws when `down --all` left something. */
  end: () => Promise<void>;
}

/** `env` goes over the defaults; a value of "" takes a variable away. Starts no daemon: the first `up` does. */
export async function createGantry(options: { env?: Record<string, string> } = {}): Promise<Gantry> {
  // Short on purpose: the path of a unix socket has at most 107 bytes.
  const home = mkdtempSync("/tmp/g-");
  const folder = join(home, "work");
  mkdirSync(folder);
  const ports = await claimPorts();
  const env = environment(home, ports, options.env ?? {});
  const gantry: Gantry = {
    home,
    folder,
    ports,
    env,
    cli: (args, more = {}) => runCli(args, { cwd: folder, ...more, env: { ...env, ...more.env } }),
    up: (apps, more = {}) => up(gantry, apps, more),
    api: (method, path, body) => ask({ method, path, body, socketPath: join(home, "gantry.sock") }),
    app: async (name) => (await gantry.api("GET", `/api/apps/${name}`)).json<AppView>(),
    at: (app, path = "/") => ({
      port: ports.httpPort,
      path,
      headers: { host: `${app}.localhost:${ports.httpPort}` },
    }),
    logs: async (app, ...args) =>
      logTexts(await gantry.cli(["logs", app, "--json", "--tail", "1000000", ...args])),
    daemonPid: async () => (await gantry.api("GET", "/api/system")).json<{ pid: number }>().pid,
    processes: () => processesOf(home),
    end: () => end(gantry),
  };
  return gantry;
}

function environment(home: string, ports: PortBlock, more: Record<string, string>): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(GANTRY_|VITEST|NODE_|npm_|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$|FORCE_COLOR$)/.test(name),
  );
  const all = {
    ...Object.fromEntries(inherited),
    GANTRY_HOME: home,
    GANTRY_PORT: String(ports.port),
    GANTRY_HTTP_PORT: String(ports.httpPort),
    GANTRY_HTTPS_PORT: String(ports.httpsPort),
    GANTRY_PORT_RANGE: `${ports.range.first}-${ports.range.last}`,
    ...more,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

async function up(
  gantry: Gantry,
  apps: Record<string, object>,
  options: { program?: string },
): Promise<AppView[]> {
  // JSON is YAML.
  writeFileSync(join(gantry.folder, "gantry.yaml"), JSON.stringify({ apps }, null, 2));
  const result = await gantry.cli(["up"], options);
  if (result.code !== 0)
    throw new Error(`gantry up ended with ${result.code}\n${result.stdout}\n${result.stderr}`);
  return Promise.all(Object.keys(apps).map(gantry.app));
}

function logTexts(result: CliResult): string[] {
  if (result.code !== 0) throw new Error(`gantry logs ended with ${result.code}: ${result.stderr}`);
  const lines = result.stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => (JSON.parse(line) as { text: string }).text);
}

const ended = new WeakSet<Gantry>();

async function end(gantry: Gantry): Promise<void> {
  if (ended.has(gantry)) return;
  ended.add(gantry);
  const daemonLog = tail(join(gantry.home, "daemon.log"));
  const down = await gantry.cli(["down", "--all", "--yes"], { timeoutMs: 45_000 });
  const left = await leftovers(gantry.home);
  await endAllOf(gantry.home);
  gantry.ports.release();
  rmSync(gantry.home, { recursive: true, force: true });
  if (left.length > 0) {
    const list = left
      .slice(0, 10)
      .map(({ pid, command }) => `${pid} ${command.replaceAll("\n", " ").slice(-150)}`)
      .join("\n");
    throw new Error(
      `down --all (${down.code} ${down.stderr}) left ${left.length} processes:\n${list}\ndaemon.log:\n${daemonLog}`,
    );
  }
}

/** What still runs a moment after everything was told to end. */
async function leftovers(home: string): Promise<Process[]> {
  await until("everything to end", () => processesOf(home).length === 0, 3000).catch(() => pause(0));
  return processesOf(home);
}

function tail(file: string): string {
  try {
    return readFileSync(file, "utf8").split("\n").slice(-15).join("\n");
  } catch {
    return "(none)";
  }
}
