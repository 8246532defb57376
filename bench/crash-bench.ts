// From `kill -9` of an app to the first statement of its successor, against a bare Node respawn loop.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { constants, openSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Gantry } from "../test/helpers/gantry.ts";
import { signal } from "../test/helpers/processes.ts";
import { pause, until } from "../test/helpers/until.ts";
import type { Bench } from "./bench.ts";
import { median, quantile } from "./measure.ts";
import { withGantry } from "./with-gantry.ts";

/** Its first statement tells us its PID through the pipe; then it sleeps as itself. */
const SCRIPT = 'echo $$ > "$PIPE"\nexec sleep 100000\n';

/** Long enough to count as stable, with the window of a second that the app has. */
const LIFE_MS = 1300;

/** Resolves with each PID as it arrives. */
class Arrivals {
  private waiting: ((pid: number) => void) | null = null;
  private readonly early: number[] = [];
  private readonly stream: Socket;

  constructor(pipe: string) {
    execFileSync("mkfifo", [pipe]);
    // Open for writing too: it must not end when the last writer closes. A socket, because a pending read of a file would
    // keep this process from ending.
    const fd = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    this.stream = new Socket({ fd, readable: true, writable: false }).on("data", (chunk) => {
      for (const line of String(chunk).trim().split("\n")) this.arrived(Number(line));
    });
  }

  close(): void {
    this.stream.destroy();
  }

  next(): Promise<number> {
    const pid = this.early.shift();
    return pid === undefined ? new Promise((resolve) => (this.waiting = resolve)) : Promise.resolve(pid);
  }

  private arrived(pid: number): void {
    if (this.waiting === null) this.early.push(pid);
    else this.waiting(pid);
    this.waiting = null;
  }
}

/** Kills the app `rounds` times, each after it has lived long enough to count as stable. */
async function killRounds(arrivals: Arrivals, rounds: number): Promise<number[]> {
  const times: number[] = [];
  let pid = await arrivals.next();
  for (let i = 0; i < rounds; i++) {
    await pause(LIFE_MS);
    const killed = performance.now();
    signal(pid, "SIGKILL");
    pid = await arrivals.next();
    times.push(performance.now() - killed);
  }
  return times;
}

async function bareRounds(folder: string, rounds: number): Promise<number[]> {
  const pipe = join(folder, "bare.pipe");
  const arrivals = new Arrivals(pipe);
  let child: ChildProcess | undefined;
  let going = true;
  const start = () => {
    child = spawn("sh", [join(folder, "stamp.sh")], { stdio: "ignore", env: { ...process.env, PIPE: pipe } });
    child.on("exit", () => going && start());
  };
  start();
  try {
    return await killRounds(arrivals, rounds);
  } finally {
    going = false;
    child?.kill("SIGKILL");
    arrivals.close();
  }
}

async function ownRounds(gantry: Gantry, rounds: number): Promise<number[]> {
  const pipe = join(gantry.folder, "own.pipe");
  const arrivals = new Arrivals(pipe);
  const created = await gantry.api("POST", "/api/apps", {
    name: "stamp",
    path: gantry.folder,
    run: "sh stamp.sh",
    port: "none",
    env: { PIPE: pipe },
    restart: { policy: "always", window: "1s", max: 1000 },
  });
  if (created.status !== 201) throw new Error(created.text);
  await gantry.api("POST", "/api/apps/stamp/start");
  await until("the app", async () => (await gantry.app("stamp")).state === "running");
  try {
    return await killRounds(arrivals, rounds);
  } finally {
    arrivals.close();
  }
}

export const bench: Bench = {
  name: "crash",
  what: "kill -9 of an app to its successor's first statement, against a Node loop",
  run: ({ quick }) =>
    withGantry(async (gantry) => {
      writeFileSync(join(gantry.folder, "stamp.sh"), SCRIPT);
      const rounds = quick ? 8 : 30;
      // In turns: half a life apart, so that neither is killed while the other starts.
      const bareLater = pause(LIFE_MS / 2).then(() => bareRounds(gantry.folder, rounds));
      const [own, bare] = await Promise.all([ownRounds(gantry, rounds), bareLater]);
      return [
        {
          figure: "kill -9 to the successor (bare: Node loop)",
          gantry: median(own),
          unit: "ms",
          bare: median(bare),
          p95: quantile(own, 0.95),
          target: "≤ 5 ms (aim 3.5, p95 5)",
          reached: median(own) <= 5,
        },
      ];
    }),
};
