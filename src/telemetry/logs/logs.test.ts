import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogLine, LogQuery, Logs } from "../../domain/log-line.ts";
import { createLogs, type LogsOptions } from "./logs.ts";

const MB = 1024 * 1024;
let home = "";
let children: ChildProcess[] = [];
let rooms: Logs[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "gantry-logs-"));
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  for (const room of rooms) room.close();
  children = [];
  rooms = [];
  await sleep(20);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function open(options: Partial<LogsOptions> = {}): Logs {
  const room = createLogs({ home, maxBytesPerApp: 64 * MB, retentionDays: 30, ...options });
  rooms.push(room);
  return room;
}

/** Starts a writer whose output is the file, as an instance's is. */
function writer(file: string, ...argv: string[]): { child: ChildProcess; ended: Promise<unknown> } {
  const fd = openSync(file, "a", 0o600);
  const child = spawn(argv[0] ?? "", argv.slice(1), { stdio: ["ignore", fd, fd] });
  closeSync(fd);
  children.push(child);
  return { child, ended: new Promise((resolve) => child.on("exit", resolve)) };
}

const node = (script: string): string[] => [process.execPath, "-e", script];

async function collect(logs: Logs, apps: string[], query: LogQuery = {}): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of logs.read(apps, query)) lines.push(line);
  return lines;
}

const texts = (lines: LogLine[]): string[] => lines.map(({ text }) => text);

/** Follows until `enough`; fails by the test's own time-out otherwise. */
async function followUntil(
  logs: Logs,
  apps: string[],
  query: LogQuery,
  enough: (lines: LogLine[]) => boolean,
): Promise<LogLine[]> {
  const abort = new AbortController();
  const lines: LogLine[] = [];
  for await (const line of logs.read(apps, { ...query, follow: true }, abort.signal)) {
    lines.push(line);
    if (enough(lines)) abort.abort();
  }
  return lines;
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; !holds(); i++) {
    if (i > 400) throw new Error("it never came true");
    await sleep(25);
  }
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `n ${from + i}`);

describe("reading", () => {
  it("gives lines in order, the tail, and what was found, from a single instance or all", async () => {
    const logs = open();
    for (const id of ["i1", "i2"]) {
      writeFileSync(logs.fileOf("web", id), `${id} a\n${id} b\n${id} unfinished`);
      logs.attach("web", id);
      await sleep(15);
    }
    expect(texts(await collect(logs, ["web"]))).toEqual([
      "i1 a",
      "i1 b",
      "i1 unfinished",
      "i2 a",
      "i2 b",
      "i2 unfinished",
    ]);
    expect(texts(await collect(logs, ["web"], { tail: 4 }))).toEqual([
      "i1 unfinished",
      "i2 a",
      "i2 b",
      "i2 unfinished",
    ]);
    expect(texts(await collect(logs, ["web"], { tail: 0 }))).toEqual([]);
    expect(texts(await collect(logs, ["web"], { instanceId: "i1", tail: 2 }))).toEqual([
      "i1 b",
      "i1 unfinished",
    ]);
    expect(texts(await collect(logs, ["web"], { grep: " a" }))).toEqual(["i1 a", "i2 a"]);
    expect(texts(await collect(logs, ["web"], { grep: "/I\\d [AB]$/i", tail: 1 }))).toEqual(["i2 b"]);
    expect(await logs.lastLines("web", "i2", 2)).toEqual(["i2 b", "i2 unfinished"]);
    expect(await logs.lastLines("web", "nobody", 2)).toEqual([]);
    expect(texts(await collect(logs, ["nothing"]))).toEqual([]);
    expect((await collect(logs, ["web"]))[1]).toMatchObject({
      app: "web",
      instanceId: "i1",
      offset: 10,
      at: expect.any(Number),
    });
  });

  it("keeps the output of a crashed instance in front of its successor's", async () => {
    const logs = open();
    for (const id of ["zz", "aa"]) {
      const { ended } = writer(
        logs.fileOf("web", id),
        ...node(`console.log("${id} starts"); console.error("${id} dies"); process.exit(3)`),
      );
      logs.attach("web", id);
      await ended;
      logs.detach(id);
    }
    expect(texts(await collect(logs, ["web"]))).toEqual(["zz starts", "zz dies", "aa starts", "aa dies"]);
    const again = open();
    expect(texts(await collect(again, ["web"]))).toEqual(["zz starts", "zz dies", "aa starts", "aa dies"]);
    expect(await again.lastLines("web", "zz", 1)).toEqual(["zz dies"]);
  });

  it("knows since when, also after a restart", async () => {
    const logs = open();
    const file = logs.fileOf("web", "i1");
    logs.attach("web", "i1");
    const times: number[] = [];
    for (const text of ["one", "two", "three"]) {
      times.push(Date.now());
      appendFileSync(file, `${text}\n`);
      // A reading looks at the size at once, however busy the machine is.
      await collect(logs, ["web"]);
      await sleep(1_100);
    }
    const since = (times[1] ?? 0) - 50;
    expect(texts(await collect(logs, ["web"], { since }))).toEqual(["two", "three"]);
    logs.detach("i1");
    expect(texts(await collect(open(), ["web"], { since }))).toEqual(["two", "three"]);
    expect(texts(await collect(open(), ["web"], { since, tail: 1 }))).toEqual(["three"]);
    expect(texts(await collect(open(), ["web"], { since: Date.now() + 1_000 }))).toEqual([]);
    const at = (await collect(open(), ["web"])).map((line) => line.at ?? 0);
    for (const [i, time] of at.entries()) expect(Math.abs(time - (times[i] ?? 0))).toBeLessThan(1_000);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  });

  it("ends an expression that never ends", async () => {
    const logs = open();
    writeFileSync(logs.fileOf("web", "i1"), `${"a".repeat(40)}!\n`);
    await expect(collect(logs, ["web"], { grep: "/^(a+)+$/" })).rejects.toMatchObject({
      code: "invalid-input",
    });
    await expect(collect(logs, ["web"], { grep: "/(/" })).rejects.toMatchObject({ code: "invalid-input" });
  });

  it("builds no path from an id", () => {
    const logs = open();
    for (const id of ["../x", "a/b", "", ".", "..", "a\0"]) expect(() => logs.fileOf("web", id)).toThrow();
    expect(() => logs.fileOf("../web", "i1")).toThrow();
  });
});

describe("following", () => {
  it("shows each complete line once, and unfinished ones when they are finished", async () => {
    const logs = open();
    const file = logs.fileOf("web", "i1");
    logs.attach("web", "i1");
    appendFileSync(file, "old 1\nold 2\npart");
    const done = followUntil(logs, ["web"], { tail: 1 }, (lines) => lines.length === 4);
    await sleep(400);
    appendFileSync(file, "ly\nnew 1\n");
    await sleep(100);
    appendFileSync(file, "last words");
    await sleep(100);
    logs.detach("i1");
    expect(texts(await done)).toEqual(["old 2", "partly", "new 1", "last words"]);
  });

  it("sees instances that start later", async () => {
    const logs = open();
    const done = followUntil(logs, ["web", "other"], {}, (lines) => lines.length === 3);
    await sleep(50);
    for (const [app, id] of [
      ["web", "i1"],
      ["other", "i2"],
      ["web", "i3"],
    ] as const) {
      const file = logs.fileOf(app, id);
      appendFileSync(file, `hello ${id}\n`);
      logs.attach(app, id);
      await sleep(60);
    }
    expect(texts(await done).sort()).toEqual(["hello i1", "hello i2", "hello i3"]);
  });

  it("loses and doubles nothing of two fast replicas", async () => {
    const logs = open();
    const write = (id: string) =>
      node(
        `let n = 0; const t = setInterval(() => { for (let i = 0; i < 500; i++) process.stdout.write("${id} " + ++n + "\\n"); if (n >= 20000) clearInterval(t) }, 2)`,
      );
    for (const id of ["r1", "r2"]) {
      writer(logs.fileOf("web", id), ...write(id));
      logs.attach("web", id);
    }
    const lines = await followUntil(logs, ["web"], {}, (got) => got.length === 40_000);
    for (const id of ["r1", "r2"]) {
      const own = texts(lines.filter((line) => line.instanceId === id));
      expect(own).toEqual(Array.from({ length: 20_000 }, (_, i) => `${id} ${i + 1}`));
    }
    const merged = await collect(logs, ["web"]);
    expect(merged).toHaveLength(40_000);
    expect(merged.every((line, i) => (line.at ?? 0) >= (merged[i - 1]?.at ?? 0))).toBe(true);
  });

  it("ends at once when aborted, also while nothing happens", async () => {
    const logs = open();
    logs.fileOf("web", "i1");
    const abort = new AbortController();
    const reading = logs.read(["web"], { follow: true }, abort.signal)[Symbol.asyncIterator]();
    const next = reading.next();
    await sleep(30);
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it("goes on over a restart of the daemon while the instance writes", async () => {
    const before = open();
    const file = before.fileOf("web", "i1");
    before.attach("web", "i1");
    const { child } = writer(
      file,
      ...node(`let n = 0; setInterval(() => { for (let i = 0; i < 20; i++) console.log("n " + ++n) }, 5)`),
    );
    const first = await followUntil(before, ["web"], {}, (lines) => lines.length >= 500);
    before.close();
    await sleep(200);
    const after = open();
    after.attach("web", "i1");
    const last = first.at(-1);
    const second = await followUntil(
      after,
      ["web"],
      { after: { i1: last?.offset ?? 0 } },
      (lines) => lines.length >= 3_000,
    );
    child.kill("SIGKILL");
    const all = texts([...first, ...second]);
    expect(all).toEqual(numbers(1, all.length));
  });
});

describe("the cap", () => {
  const used = (app: string): number =>
    readdirSync(join(home, "apps", app, "logs"))
      .filter((name) => name.endsWith(".log"))
      .reduce((sum, name) => sum + statSync(join(home, "apps", app, "logs", name)).blocks * 512, 0);

  it("holds for a flood of lines; what is left is whole and newest", async () => {
    const logs = open({ maxBytesPerApp: 4 * MB });
    const file = logs.fileOf("web", "i1");
    logs.attach("web", "i1");
    const { ended } = writer(
      file,
      ...node(
        `const { writeSync } = require("node:fs"); let n = 0; const end = Date.now() + 1000; while (Date.now() < end) { let s = ""; for (let i = 0; i < 3000; i++) s += "n " + ++n + "\\n"; writeSync(1, s) }`,
      ),
    );
    await ended;
    await until(() => used("web") <= 4 * MB);
    logs.detach("i1");
    const lines = texts(await collect(logs, ["web"]));
    const last = Number((lines.at(-1) ?? "").slice(2));
    expect(statSync(file).size).toBeGreaterThan(8 * MB);
    expect(lines).toEqual(numbers(last - lines.length + 1, last));
    expect(lines.length * 8).toBeGreaterThan(MB);
    expect(texts(await collect(open(), ["web"], { tail: 3 }))).toEqual(numbers(last - 2, last));
  });

  it("holds again after a burst that was let through, though nothing is written any more", async () => {
    let elapsed = 1_000;
    const logs = open({ maxBytesPerApp: 4 * MB, monotonic: () => elapsed });
    const file = logs.fileOf("web", "i1");
    logs.attach("web", "i1");
    const line = "a line of a burst\n";
    const burst = Buffer.from(line.repeat((10 * MB) / line.length));
    appendFileSync(file, line);
    await logs.lastLines("web", "i1", 1);
    appendFileSync(file, burst);
    elapsed += 10;
    await logs.lastLines("web", "i1", 1);
    await until(() => used("web") <= 4 * MB);
    expect(statSync(file).size).toBe(line.length + burst.length);
    const lines = await collect(logs, ["web"]);
    expect(new Set(texts(lines))).toEqual(new Set([line.trim()]));
    expect(lines.length * line.length).toBeGreaterThan(2.5 * MB);
  });

  it.each([
    ["yes", ["yes", "the same line again"]],
    ["one endless line", ["tr", "\\0", "x"]],
    ["binary", ["cat", "/dev/urandom"]],
    ["zeros", ["cat", "/dev/zero"]],
  ])("holds for %s", async (name, argv) => {
    const logs = open({ maxBytesPerApp: 4 * MB });
    const file = logs.fileOf("web", "i1");
    logs.attach("web", "i1");
    if (name === "one endless line") {
      const fd = openSync(file, "a");
      const zero = openSync("/dev/zero", "r");
      children.push(spawn(argv[0] ?? "", argv.slice(1), { stdio: [zero, fd, fd] }));
      closeSync(fd);
      closeSync(zero);
    } else writer(file, ...argv);
    await until(() => statSync(file).size > 24 * MB);
    const child = children.at(-1);
    const ended = new Promise((resolve) => child?.on("exit", resolve));
    child?.kill("SIGKILL");
    await ended;
    await until(() => used("web") <= 4 * MB);
    logs.detach("i1");
    const lines = await collect(logs, ["web"]);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.every(({ text }) => text.length <= 65_536)).toBe(true);
    expect(lines.at(-1)?.offset).toBe(statSync(file).size);
    expect(await logs.lastLines("web", "i1", 5)).toEqual(texts(lines.slice(-5)));
    expect(texts(await collect(logs, ["web"], { tail: 20 }))).toEqual(texts(lines.slice(-20)));
    if (name === "yes") expect(new Set(texts(lines.slice(0, -1)))).toEqual(new Set(["the same line again"]));
  });

  /** A writer that writes the next thousand lines for each byte of its standard input. */
  function thousands(file: string): ChildProcess {
    const script = `let n = 0; process.stdin.on("data", () => { let s = ""; for (let i = 0; i < 1000; i++) s += "n " + ++n + " " + "x".repeat(200) + "\\n"; require("node:fs").writeSync(1, s) })`;
    const fd = openSync(file, "a");
    const child = spawn(process.execPath, ["-e", script], { stdio: ["pipe", fd, fd] });
    closeSync(fd);
    child.stdin?.on("error", () => undefined);
    children.push(child);
    return child;
  }

  it("is exact for a follower that keeps up with a writer beyond the cap", async () => {
    const logs = open({ maxBytesPerApp: 2 * MB });
    const file = logs.fileOf("web", "i1");
    logs.attach("web", "i1");
    const child = thousands(file);
    child.stdin?.write(".");
    const lines = await followUntil(logs, ["web"], {}, (got) => {
      if (got.length % 1_000 === 0) child.stdin?.write(".");
      return got.length === 40_000;
    });
    expect(lines.map(({ text }) => text.slice(0, text.indexOf(" x")))).toEqual(numbers(1, 40_000));
    expect(lines.every((line, i) => line.offset > (lines[i - 1]?.offset ?? 0))).toBe(true);
    await until(() => used("web") <= 2 * MB);
  });

  it("holds where heads can't be punched: by truncation, which may lose what is written at that instant", async () => {
    const logs = open({ maxBytesPerApp: 2 * MB });
    const file = logs.fileOf("web", "i1");
    logs.attach("web", "i1");
    const usual = process.env.PATH;
    process.env.PATH = "/nonexistent";
    try {
      const child = thousands(file);
      const tick = setInterval(() => child.stdin?.write("."), 20);
      const lines = await followUntil(logs, ["web"], {}, (got) => got.length > 30_000);
      clearInterval(tick);
      const found = lines.flatMap(({ text }) => /^n (\d+) x{200}$/.exec(text)?.[1] ?? []).map(Number);
      expect(found.length).toBeGreaterThan(lines.length - 100);
      expect(found.every((n, i) => n > (found[i - 1] ?? 0))).toBe(true);
      expect(lines.every((line, i) => line.offset > (lines[i - 1]?.offset ?? 0))).toBe(true);
      child.kill("SIGKILL");
      await until(() => statSync(file).size <= 2 * MB);
    } finally {
      process.env.PATH = usual;
    }
  });

  it("goes on when somebody empties the file", async () => {
    const logs = open();
    const file = logs.fileOf("web", "i1");
    logs.attach("web", "i1");
    const done = followUntil(logs, ["web"], {}, (lines) => lines.length === 3);
    appendFileSync(file, "one\ntwo\n");
    await until(() => existsSync(file.replace(/log$/, "idx")));
    await sleep(100);
    writeFileSync(file, "");
    await sleep(400);
    appendFileSync(file, "three\n");
    const lines = await done;
    expect(texts(lines)).toEqual(["one", "two", "three"]);
    expect(lines.map(({ offset }) => offset)).toEqual([4, 8, 14]);
    expect(texts(await collect(open(), ["web"]))).toEqual(["three"]);
  });

  it("is enforced on what grew while nobody looked", async () => {
    const logs = open({ maxBytesPerApp: 2 * MB });
    const file = logs.fileOf("web", "i1");
    writeFileSync(file, "a line that is repeated very often\n".repeat(200_000));
    logs.attach("web", "i1");
    await until(() => used("web") <= 2 * MB);
    expect(new Set(texts(await collect(logs, ["web"])))).toEqual(
      new Set(["a line that is repeated very often"]),
    );
    rmSync(join(home, "apps/web/logs/i1.idx"));
    expect(new Set(texts(await collect(open(), ["web"])))).toContain("a line that is repeated very often");
    expect((await collect(open(), ["web"])).some(({ text }) => text.includes("\0"))).toBe(false);
  });

  it("takes ended instances first, the oldest before all", async () => {
    let now = Date.now();
    const logs = open({ maxBytesPerApp: 2 * MB, now: () => now });
    for (const id of ["old", "mid", "new"]) {
      writeFileSync(logs.fileOf("web", id), `${id}\n`.repeat(180_000));
      await sleep(15);
    }
    now += 60_000;
    logs.attach("web", "new");
    expect(
      readdirSync(join(home, "apps/web/logs"))
        .filter((name) => name.endsWith(".log"))
        .sort(),
    ).toEqual(["mid.log", "new.log"]);
  });

  it("never deletes what a living instance writes to", async () => {
    let now = Date.now();
    const logs = open({ maxBytesPerApp: 2 * MB, now: () => now });
    now += 60_000;
    for (const id of ["r1", "r2", "r3"]) {
      writeFileSync(logs.fileOf("web", id), `${id} ${"x".repeat(95)}\n`.repeat(15_000));
      logs.attach("web", id);
      await sleep(15);
    }
    await until(() => used("web") <= 2 * MB);
    await logs.prune();
    for (const id of ["r1", "r2", "r3"]) {
      expect(statSync(logs.fileOf("web", id)).size).toBe(99 * 15_000);
      expect((await logs.lastLines("web", id, 1))[0]).toContain(id);
    }
  });

  it("prunes by age and number, never a living instance's file", async () => {
    let now = Date.now();
    const logs = open({ retentionDays: 7, now: () => now });
    for (let i = 0; i < 60; i++) writeFileSync(logs.fileOf("web", `i${i}`), "x\n");
    for (const id of ["i58", "i59"])
      utimesSync(logs.fileOf("web", id), now / 1_000 - 8 * 86_400, now / 1_000 - 8 * 86_400);
    logs.attach("web", "i59");
    now += 60_000;
    await logs.prune();
    const left = readdirSync(join(home, "apps/web/logs")).filter((name) => name.endsWith(".log"));
    expect(left).toHaveLength(50);
    expect(left).toContain("i59.log");
    expect(left).not.toContain("i58.log");
  });

  it("does not wait for that when many instances end", async () => {
    let now = Date.now();
    const logs = open({ now: () => now });
    now += 60_000;
    const files = () => readdirSync(join(home, "apps/web/logs")).filter((name) => name.endsWith(".log"));
    for (let i = 0; i < 250; i++) {
      logs.attach("web", `i${String(i).padStart(3, "0")}`);
      logs.detach(`i${String(i).padStart(3, "0")}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => files().length <= 101);
    expect(files()).toContain("i249.log");
    expect(files()).not.toContain("i000.log");
  });

  it("forgets an app whose folder was moved, and reads the next one of its name anew", async () => {
    const logs = open();
    writeFileSync(logs.fileOf("web", "old"), "before\n");
    expect(await logs.lastLines("web", "old", 5)).toEqual(["before"]);
    logs.forget("web");
    renameSync(join(home, "apps/web"), join(home, "apps/a_1"));
    expect(await logs.lastLines("web", "old", 5)).toEqual([]);
    writeFileSync(logs.fileOf("web", "new"), "after\n");
    expect(await logs.lastLines("web", "new", 5)).toEqual(["after"]);
  });
});
