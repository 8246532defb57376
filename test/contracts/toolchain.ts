// What every toolchain must do: the suite that each one runs, on real code with real packages.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BuildOrder, Detection, Hints, Toolchain } from "../../src/domain/toolchain.ts";
import { type Running, serveBuild } from "../helpers/serve-build.ts";

export interface ToolchainCase {
  /** Folder below test/fixtures/apps. */
  fixture: string;
  hints?: Partial<Hints>;
  /** Parts of the detection. */
  expected: Partial<Detection>;
  /** The start of what it answers (`200 …`) at `/`, or a part of what it prints. */
  answers?: string;
  prints?: string;
}

/** Folders for one test file; all of it is deleted afterwards. */
export interface Bench {
  /** A copy of a fixture, of its own. */
  copy(fixture: string): string;
  order(dir: string, detection: Detection, more?: Partial<BuildOrder>): BuildOrder;
  logOf(dir: string): string;
}

const FIXTURES = join(import.meta.dirname, "../fixtures/apps");
const NO_HINTS: Hints = { entry: null, run: null };

/** Makes a bench for the tests of the calling file. */
export function toolchainBench(): Bench {
  let root = "";
  let copies = 0;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "gantry-toolchain-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return {
    copy: (fixture) => {
      const dir = join(root, `${++copies}`, fixture);
      cpSync(join(FIXTURES, fixture), dir, { recursive: true });
      return dir;
    },
    logOf: (dir) => join(dir, "..", "build.log"),
    order: (dir, detection, more = {}) => ({
      dir,
      detection,
      hints: NO_HINTS,
      shell: false,
      args: [],
      envsDir: join(root, "envs"),
      toolsDir: join(root, "tools"),
      logFile: join(dir, "..", "build.log"),
      onProgress: () => {},
      ...more,
    }),
  };
}

export function toolchainContract(create: () => Toolchain, bench: Bench, cases: ToolchainCase[]): void {
  const toolchain = create();
  const hintsOf = (one: ToolchainCase): Hints => ({ ...NO_HINTS, ...one.hints });
  const running: Running[] = [];
  afterAll(async () => {
    await Promise.all(running.map((each) => each.stop()));
  });

  describe.each(cases)("$fixture $hints", (one) => {
    it("is detected, and left as it was", async () => {
      const dir = bench.copy(one.fixture);
      const before = snapshot(dir);
      const detection = await toolchain.detect(dir, hintsOf(one));
      expect(detection).toMatchObject({ toolchain: toolchain.name, ...one.expected });
      expect(detection?.confidence).toBeGreaterThan(0);
      expect(detection?.confidence).toBeLessThanOrEqual(1);
      expect(detection?.evidence.length).toBeGreaterThan(0);
      expect(snapshot(dir)).toEqual(before);
    });

    it("is built once, and runs", async () => {
      const dir = bench.copy(one.fixture);
      const detection = await toolchain.detect(dir, hintsOf(one));
      const order = bench.order(dir, detection!, { hints: hintsOf(one) });
      const build = await toolchain.build(order);
      expect(build.argv.length === 0).toBe(build.staticRoot !== null);
      if (build.argv.length > 0) expect(isAbsolute(build.argv[0]!)).toBe(true);
      expect(await toolchain.build(order)).toEqual({ ...build, reused: true });
      if (build.staticRoot !== null) return;
      const app = await serveBuild(build, dir);
      running.push(app);
      if (one.answers !== undefined) expect(await app.get("/")).toContain(one.answers);
      if (one.prints !== undefined)
        await expect.poll(() => app.output(), { timeout: 20_000 }).toContain(one.prints);
      await app.stop();
    });
  });

  it("sees nothing in an empty folder, nor in one that only looks like something", async () => {
    const dir = bench.copy("no-entry");
    expect(await toolchain.detect(dir, NO_HINTS)).toBeNull();
    for (const name of [
      "main.py",
      "app.py",
      "package.json",
      "index.html",
      "Procfile",
      "go.mod",
      "requirements.txt",
    ]) {
      rmSync(join(dir, name), { force: true });
      execFileSync("mkfifo", [join(dir, name)]);
    }
    for (const name of ["server.js", "wsgi.py", "public"]) mkdirSync(join(dir, name));
    symlinkSync(".", join(dir, "loop"));
    symlinkSync("/dev/zero", join(dir, "run.py"));
    symlinkSync("nowhere", join(dir, "index.js"));
    expect(await toolchain.detect(dir, NO_HINTS)).toBeNull();
  });

  it("stops when asked to, and can be asked again", async () => {
    const one = cases[0]!;
    const dir = bench.copy(one.fixture);
    const detection = await toolchain.detect(dir, hintsOf(one));
    const order = bench.order(dir, detection!, {
      hints: hintsOf(one),
      envsDir: join(dir, "..", "envs"),
    });
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error("cut"));
    const cut = await toolchain.build({ ...order, onProgress }, stop.signal).then(
      (build) => build,
      (error: Error) => error.message,
    );
    if (typeof cut === "string") expect(cut).toBe("cut");
    expect(readdirOrNone(order.envsDir)).toEqual([]);
    const build = await toolchain.build(order);
    if (typeof cut === "string") expect(build.reused).toBe(false);
    expect(await toolchain.build(order)).toMatchObject({ reused: true });
  });

  it("appends to the log", async () => {
    const one = cases[0]!;
    const dir = bench.copy(one.fixture);
    const detection = await toolchain.detect(dir, hintsOf(one));
    writeFileSync(bench.logOf(dir), "before\n");
    await toolchain.build(bench.order(dir, detection!, { hints: hintsOf(one) }));
    expect(readFileSync(bench.logOf(dir), "utf8")).toMatch(/^before\n/);
  });
}

/** Every path below the folder with its size and time. */
function snapshot(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
    const facts = lstatSync(join(dir, name));
    found[name] = `${facts.size} ${facts.mtimeMs}`;
  }
  return found;
}

function readdirOrNone(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
