// Requests per second and p99 through the edge, against a direct connection to the same program, in turns.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Bench, Row } from "./bench.ts";
import { median } from "./measure.ts";

const run = promisify(execFile);
const PROGRAMS = join(import.meta.dirname, "programs");
const BUNDLE = join(import.meta.dirname, "../dist/edge.js");
const SOURCE = join(import.meta.dirname, "../src/edge/builtin/main.ts");

export interface EdgeFigure {
  figure: string;
  /** Medians over the rounds: requests per second, or milliseconds for a p99. */
  direct: number;
  gantry: number;
  /** Median of the rounds' own ratios: each round measures both sides one after the other. */
  ratio: number;
}

export interface EdgeBenchOptions {
  connections: number;
  secondsPerRound: number;
  rounds: number;
}

interface Result {
  perSecond: number;
  p99: number;
}

type Measure = (port: number, host: string, path: string) => Promise<Result>;

/** wrk where it is installed, else a client of our own. */
async function loadClient({ connections, secondsPerRound }: EdgeBenchOptions): Promise<Measure> {
  const hasWrk = await run("wrk", ["-v"]).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT",
  );
  return async (port, host, path) => {
    const size = [String(connections), String(secondsPerRound)] as const;
    if (!hasWrk) {
      const client = join(PROGRAMS, "http-load.mjs");
      const { stdout } = await run(process.execPath, [client, String(port), host, path, ...size]);
      const result = JSON.parse(stdout) as Result & { failures: number };
      if (result.failures > 0) throw new Error(`${result.failures} requests failed`);
      return result;
    }
    const header = ["-H", `Host: ${host}`, "--latency", `http://127.0.0.1:${port}${path}`];
    return readWrk((await run("wrk", ["-t1", `-c${size[0]}`, `-d${size[1]}s`, ...header])).stdout);
  };
}

function readWrk(text: string): Result {
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`requests failed:\n${text}`);
  const [, amount, unit] = /99%\s+([\d.]+)(us|ms|s)\b/.exec(text) ?? [];
  const factor = unit === "s" ? 1000 : unit === "us" ? 0.001 : 1;
  return { perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]), p99: Number(amount) * factor };
}

async function startAnswers(children: ChildProcess[]): Promise<number> {
  const child = spawn(process.execPath, [join(PROGRAMS, "answer.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  return Number(String((await once(child.stdout, "data"))[0]).trim());
}

/** An edge of its own with one route, as the daemon would start it. */
async function startEdge(children: ChildProcess[], dir: string, upstream: number): Promise<number> {
  const upstreams = [{ instanceId: "bench", host: "127.0.0.1", port: upstream }];
  const target = {
    app: "bench",
    state: "running",
    action: "serve",
    upstreams,
    staticRoot: null,
    waitMs: 0,
    reason: null,
  };
  const table = {
    version: 1,
    hosts: { "bench.localhost": "bench" },
    targets: { bench: target },
    forwards: [],
  };
  writeFileSync(join(dir, "routes.json"), JSON.stringify(table));
  const port = await freePort();
  const child = spawn(process.execPath, [existsSync(BUNDLE) ? BUNDLE : SOURCE], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, GANTRY_EDGE_DIR: dir, GANTRY_EDGE_LISTEN: `127.0.0.1:${port}` },
  });
  children.push(child);
  for await (const bytes of child.stdout) if (String(bytes).includes("the edge serves")) break;
  return port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function measureKind(
  measure: Measure,
  ports: { direct: number; edge: number },
  path: string,
  name: string,
  rounds: number,
): Promise<EdgeFigure[]> {
  const direct: Result[] = [];
  const edge: Result[] = [];
  for (let round = 0; round < rounds; round++) {
    direct.push(await measure(ports.direct, "bench.localhost", path));
    edge.push(await measure(ports.edge, "bench.localhost", path));
  }
  const figure = (kind: string, of: (result: Result) => number): EdgeFigure => ({
    figure: `proxy, ${name}, ${kind}`,
    direct: median(direct.map(of)),
    gantry: median(edge.map(of)),
    ratio: median(edge.map((result, index) => of(result) / of(direct[index] ?? result))),
  });
  return [
    figure("requests per second", (result) => result.perSecond),
    figure("p99 in ms", (result) => result.p99),
  ];
}

export async function edgeBench(options: EdgeBenchOptions): Promise<EdgeFigure[]> {
  const dir = mkdtempSync(join(tmpdir(), "gantry-edge-bench-"));
  const children: ChildProcess[] = [];
  try {
    const measure = await loadClient(options);
    const direct = await startAnswers(children);
    const ports = { direct, edge: await startEdge(children, dir, direct) };
    return [
      ...(await measureKind(measure, ports, "/", "tiny answer", options.rounds)),
      ...(await measureKind(measure, ports, "/big", "100 KiB", options.rounds)),
    ];
  } finally {
    for (const child of children) {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The shares of the direct connection that must be reached and that are aimed at. */
const TARGETS: Record<string, { reach: number; aim: number }> = {
  "proxy, tiny answer, requests per second": { reach: 0.15, aim: 0.4 },
  "proxy, 100 KiB, requests per second": { reach: 0.2, aim: 0.33 },
};

function toRow({ figure, direct, gantry, ratio }: EdgeFigure): Row {
  const wanted = TARGETS[figure];
  const unit = figure.endsWith("ms") ? "ms" : "req/s";
  const share = `(is ${ratio.toFixed(2)} ×)`;
  return {
    figure,
    gantry,
    unit,
    bare: direct,
    target: wanted === undefined ? share : `≥ ${wanted.reach} × direct, aim ${wanted.aim} ${share}`,
    reached: wanted === undefined ? null : ratio >= wanted.reach,
  };
}

export const bench: Bench = {
  name: "edge",
  what: "requests through the edge over 64 kept connections, against a direct connection",
  run: async ({ quick }) => {
    const size = quick ? { secondsPerRound: 1, rounds: 3 } : { secondsPerRound: 4, rounds: 5 };
    return (await edgeBench({ connections: 64, ...size })).map(toRow);
  },
};
