// Promise 18: while 2,000 clients trickle into the edge and as many into the dashboard's port, others are served by both.
import { nodeApp } from "../test/helpers/apps.ts";
import { edgePid } from "../test/helpers/daemon.ts";
import type { Gantry } from "../test/helpers/gantry.ts";
import { type Ask, agent, ask } from "../test/helpers/request.ts";
import { trickle } from "../test/helpers/trickle.ts";
import { pause } from "../test/helpers/until.ts";
import type { Bench, Row } from "./bench.ts";
import { memoryMib, quantile, timed } from "./measure.ts";
import { withGantry } from "./with-gantry.ts";

const CLIENTS = 2_000;

interface Asked {
  failed: number;
  times: number[];
}

/** Ten requests a second, each on a connection of its own, of which each must be answered within five seconds. */
async function keepAsking(question: Ask, status: number, seconds: number): Promise<Asked> {
  const asked: Asked = { failed: 0, times: [] };
  const one = async () => {
    const ms = await timed(async () => {
      const answer = await ask({ ...question, agent: agent(false), timeoutMs: 5_000 }).catch(() => null);
      if (answer?.status !== status) asked.failed++;
    });
    asked.times.push(ms);
  };
  const all: Promise<void>[] = [];
  for (let i = 0; i < seconds * 10; i++) {
    all.push(one());
    await pause(100);
  }
  await Promise.all(all);
  return asked;
}

function rowsOf(figure: string, { failed, times }: Asked): Row[] {
  const p99 = quantile(times, 0.99);
  return [
    {
      figure: `${figure}: failed of ${times.length} requests`,
      gantry: failed,
      unit: "",
      bare: null,
      target: "0",
      reached: failed === 0,
    },
    {
      figure: `${figure}: p99`,
      gantry: p99,
      unit: "ms",
      bare: null,
      target: "≤ 500 ms",
      reached: p99 <= 500,
    },
  ];
}

async function measure(gantry: Gantry, seconds: number): Promise<Row[]> {
  const pids = { edge: edgePid(gantry) ?? 0, daemon: await gantry.daemonPid() };
  const before = { edge: memoryMib(pids.edge), daemon: memoryMib(pids.daemon) };
  const { port, httpPort } = gantry.ports;
  const slow = await Promise.all([
    trickle(httpPort, { host: `web.localhost:${httpPort}`, count: CLIENTS }),
    trickle(port, { host: `127.0.0.1:${port}`, count: CLIENTS }),
  ]);
  const health: Ask = { port, path: "/health", headers: { host: `127.0.0.1:${port}` } };
  const [edge, dashboard] = await Promise.all([
    keepAsking(gantry.at("web"), 200, seconds),
    keepAsking(health, 200, seconds),
  ]);
  const after = { edge: memoryMib(pids.edge), daemon: memoryMib(pids.daemon) };
  for (const one of slow) one.end();
  const memory = (who: "edge" | "daemon"): Row => ({
    figure: `memory that ${CLIENTS} slow clients cost the ${who}`,
    gantry: after[who] - before[who],
    unit: "MiB",
    bare: null,
    target: "≤ 100 MiB",
    reached: after[who] - before[who] <= 100,
  });
  return [
    ...rowsOf(`edge beside ${CLIENTS} slow clients`, edge),
    ...rowsOf(`dashboard beside ${CLIENTS} slow clients`, dashboard),
    memory("edge"),
    memory("daemon"),
  ];
}

export const bench: Bench = {
  name: "slow",
  what: `${CLIENTS} clients trickle into edge and dashboard; are others served?`,
  run: ({ quick }) =>
    withGantry(async (gantry) => {
      await gantry.up({ web: nodeApp({ env: { PER_SECOND: "0" } }) });
      return measure(gantry, quick ? 15 : 60);
    }),
};
