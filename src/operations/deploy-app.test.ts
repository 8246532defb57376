// A deploy from its code to its end, with the real store, planner, builder and code store; engine and clock are in the test's hand.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settle } from "../../test/helpers/hand-clock.ts";
import { LoopBench } from "../../test/helpers/loop-bench.ts";
import type { App, AppConfig } from "../domain/app.ts";
import type { Deployment, StageName } from "../domain/deployment.ts";
import { cancelDeployment } from "./cancel-deployment.ts";
import { deployApp } from "./deploy-app.ts";
import { pruneReleases } from "./prune-releases.ts";
import { rollbackApp } from "./rollback-app.ts";
import { listReleases } from "./show-releases.ts";
import { stopApp } from "./stop-app.ts";

let bench: LoopBench;
/** Stops each start of an instance until it is opened. */
let gate: { opened: Promise<void>; open: () => void };

beforeEach(async () => {
  bench = await new LoopBench().open();
  behave();
});
afterEach(async () => {
  expect(bench.errors).toEqual([]);
  await bench.end();
});

/** The code says how it behaves: `crash` ends at once, `job` ends with success, everything else goes on. */
function behave(): void {
  const { engine } = bench;
  const start = engine.start.bind(engine);
  gate = { opened: Promise.resolve(), open: () => {} };
  engine.start = async (order) => {
    await gate.opened;
    const handle = await start(order);
    const manner = readFileSync(join(order.cwd, "manner"), "utf8");
    const code = { crash: 1, job: 0 }[manner];
    if (code !== undefined) setImmediate(() => engine.end(order.instanceId, { code, signal: null }));
    return handle;
  };
}

function hold(): void {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = { opened: promise, open: () => resolve() };
}

const CONFIG: Partial<AppConfig> = { run: "sh app.sh", port: "none" };
/** Ready when there is a file `healthy`. */
const CHECKED: Partial<AppConfig> = {
  ...CONFIG,
  health: {
    check: { type: "command", argv: ["test", "-f", "healthy"] },
    intervalMs: 10_000,
    timeoutMs: 2_000,
    retries: 3,
    startPeriodMs: 2_000,
  },
};
const addApp = (config: Partial<AppConfig> = {}) => bench.addEmpty("notes", { ...CONFIG, ...config });

async function deploy(app: App, manner: string, files: Record<string, string> = {}): Promise<Deployment> {
  const origin = await bench.store(app, { "app.sh": "", manner, healthy: "", ...files });
  return await deployApp(bench.context, bench.app(app), { start: true, actor: "test", origin });
}

const ended = async (id: string, state: Deployment["state"] = "done"): Promise<Deployment> => {
  await bench.passUntil(`deployment ${state}`, () => bench.deployment(id).endedAt !== null);
  expect(bench.deployment(id)).toMatchObject({ state });
  await settle();
  return bench.deployment(id);
};
function write(folder: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
const goOn = async (app: App, manner: string): Promise<Deployment> => ended((await deploy(app, manner)).id);
const stages = ({ stages = [] }: Deployment) => stages.map(({ stage, state }) => `${stage} ${state}`);
const runsOf = ({ appId, releaseId }: Deployment) =>
  bench.context.store.instances.ofApp(appId).filter((row) => row.releaseId === releaseId);
const serving = (app: App) =>
  listReleases(bench.context, bench.app(app)).find((one) => one.state === "serving")?.number;
const inStage = (id: string, stage: StageName) =>
  bench.passUntil(stage, () => bench.deployment(id).stages?.some((one) => one.stage === stage));

describe("a deploy", () => {
  it("goes through its stages, and the release tells whose it is", async () => {
    const app = await addApp();
    const origin = await bench.store(app, { "app.sh": "", manner: "v1" });
    const order = { start: true, actor: "ann", origin, message: "first", sourceText: "notes.zip" };
    const first = await ended((await deployApp(bench.context, app, order)).id);
    expect(stages(first)).toEqual(
      ["fetch", "validate", "build", "start", "health", "switch"].map((one) => `${one} done`),
    );
    expect(listReleases(bench.context, bench.app(app))).toMatchObject([
      {
        number: 1,
        state: "serving",
        author: "ann",
        message: "first",
        source: "notes.zip",
        code: "tree",
        tree: origin.hash,
      },
    ]);
    expect(bench.app(app).goodReleaseId).toBe(first.releaseId);
    expect(bench.view(app).state).toBe("running");
  });

  it("drains the old instances after it is done", async () => {
    const app = await addApp();
    await goOn(app, "v1");
    const stop = bench.engine.stop.bind(bench.engine);
    const slow = Promise.withResolvers<void>();
    bench.engine.stop = async (...order) => {
      await slow.promise;
      return stop(...order);
    };
    const second = await goOn(app, "v2");
    expect(stages(second).at(-1)).toBe("drain running");
    slow.resolve();
    await bench.passUntil("the drain", () => bench.deployment(second.id).stages?.at(-1)?.state === "done");
    expect(stages(bench.deployment(second.id)).at(-1)).toBe("drain done");
    expect(bench.running(app)).toHaveLength(1);
    expect(serving(app)).toBe(2);
  });

  it("of the same code makes no release and restarts nothing", async () => {
    const app = await addApp();
    await goOn(app, "v1");
    const before = bench.running(app);
    await goOn(app, "v1");
    expect(bench.running(app)).toEqual(before);
    expect(listReleases(bench.context, bench.app(app))).toHaveLength(1);
  });

  it("without a start is done when it is built", async () => {
    const app = await addApp();
    const origin = await bench.store(app, { "app.sh": "", manner: "v1" });
    await ended((await deployApp(bench.context, app, { start: false, actor: "test", origin })).id);
    expect(bench.view(app).state).toBe("installed");
    expect(bench.running(app)).toEqual([]);
  });

  it("of a job is done when the job is", async () => {
    const app = await addApp({ restart: { policy: "on-failure", delayMs: 200, max: 3, windowMs: 60_000 } });
    await goOn(app, "v1");
    await goOn(app, "job");
    expect(bench.running(app)).toEqual([]);
    expect(bench.view(app).state).toBe("stopped");
  });

  it("of a static site is done when it is published", async () => {
    const app = await bench.addEmpty("site");
    const origin = await bench.store(app, { "index.html": "<h1>1</h1>" });
    await ended((await deployApp(bench.context, app, { start: true, actor: "test", origin })).id);
    expect(serving(app)).toBe(1);
    const root = bench.tables.at(-1)?.targets.site?.staticRoot ?? "";
    expect(readFileSync(join(root, "index.html"), "utf8")).toBe("<h1>1</h1>");
  });

  it("that can't be built fails with what is wrong, and changes nothing", async () => {
    const app = await addApp();
    await goOn(app, "v1");
    const before = bench.app(app);
    await bench.change(app, { config: { ...before.config, run: "no-such-program" } });
    const failed = await ended((await deploy(app, "v2")).id, "failed");
    expect(failed.reason).toMatch(/no-such-program/);
    expect(stages(failed).at(-1)).toBe("build failed");
    expect(bench.app(app).targetReleaseId).toBe(before.targetReleaseId);
    expect(bench.view(app).state).toBe("running");
  });

  it("keeps its output", async () => {
    const app = await addApp();
    const done = await goOn(app, "v1");
    const log = readFileSync(join(bench.home, "apps/notes/releases/logs", `${done.id}.log`), "utf8");
    expect(log).toContain("building");
  });
});

describe("code that has to be fetched", () => {
  it("from a folder: what lies there now becomes the code, and the origin names it", async () => {
    const app = await addApp();
    const folder = join(bench.home, "source");
    write(folder, { "app.sh": "", manner: "v1", "node_modules/x/index.js": "" });
    const origin = { type: "folder", path: folder } as const;
    const { id } = await deployApp(bench.context, app, { start: true, actor: "test", origin });
    const done = await ended(id);
    expect(done.origin?.type).toBe("tree");
    expect(listReleases(bench.context, bench.app(app))).toMatchObject([{ source: folder, code: "tree" }]);
    const cwd = bench.engine.started.at(-1)?.cwd ?? "";
    expect(existsSync(join(cwd, "manner"))).toBe(true);
    expect(existsSync(join(cwd, "node_modules"))).toBe(false);
  });

  it("from a repository: with its commit and the commit's message", async () => {
    const app = await addApp();
    const folder = join(bench.home, "repository");
    write(folder, { "api/app.sh": "", "api/manner": "v1" });
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", folder, ...args])
        .toString()
        .trim();
    git("init", "-q");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "Begin");
    const origin = { type: "git", url: folder, ref: null, subfolder: "api" } as const;
    await ended((await deployApp(bench.context, app, { start: true, actor: "test", origin })).id);
    const [release] = listReleases(bench.context, bench.app(app));
    expect(release).toMatchObject({ state: "serving", message: "Begin" });
    expect(release?.source).toBe(`${folder} (${git("rev-parse", "HEAD").slice(0, 7)})`);
    expect(bench.engine.started.at(-1)?.cwd).toMatch(/\/api$/);
  });

  it("from where there is none fails, and leaves nothing", async () => {
    const app = await addApp();
    const origin = { type: "folder", path: join(bench.home, "nowhere") } as const;
    const { id } = await deployApp(bench.context, app, { start: true, actor: "test", origin });
    const failed = await ended(id, "failed");
    expect(failed.reason).toMatch(/there is no such folder/);
    expect(stages(failed)).toEqual(["fetch failed"]);
    expect(bench.view(app).state).toBe("failed");
  });
});

describe("a release that can't run", () => {
  it("gives way after two tries beside a healthy one, which serves all the time", async () => {
    const app = await addApp();
    await goOn(app, "v1");
    const before = bench.running(app);
    const failed = await ended((await deploy(app, "crash")).id, "failed");
    expect(failed.reason).toMatch(/exited with code 1/);
    expect(runsOf(failed)).toHaveLength(2);
    expect(bench.running(app)).toEqual(before);
    expect(listReleases(bench.context, bench.app(app)).map(({ state }) => state)).toEqual([
      "failed",
      "serving",
    ]);
    expect(bench.view(app)).toMatchObject({
      state: "running",
      reason: expect.stringMatching(/the last deploy failed/),
    });
  });

  it("gives way after one try where the old one had to stop", async () => {
    const app = await addApp({ strategy: "stop-first" });
    await goOn(app, "v1");
    const failed = await ended((await deploy(app, "crash")).id, "failed");
    expect(runsOf(failed)).toHaveLength(1);
    expect(bench.running(app)).toHaveLength(1);
    await bench.passUntil("the old release", () => serving(app) === 1);
  });

  it("gives way when it does not get ready in time", async () => {
    const app = await bench.addEmpty("notes", CHECKED);
    await goOn(app, "v1");
    const origin = await bench.store(app, { "app.sh": "", manner: "v2" });
    const { id } = await deployApp(bench.context, bench.app(app), { start: true, actor: "test", origin });
    const failed = await ended(id, "failed");
    expect(failed.reason).toMatch(/did not pass its health check/);
    expect(runsOf(failed)).toHaveLength(1);
    await bench.passUntil("its end", () => bench.running(app).length === 1);
    expect(serving(app)).toBe(1);
  });

  it("ends its deploy as failed when there is nothing to go back to", async () => {
    const app = await addApp({ restart: { policy: "always", delayMs: 200, max: 3, windowMs: 60_000 } });
    await ended((await deploy(app, "crash")).id, "failed");
    expect(bench.view(app)).toMatchObject({ state: "failed", reason: expect.stringMatching(/code 1/) });
    await ended((await deploy(app, "v2")).id);
    expect(bench.view(app).state).toBe("running");
  });

  it("that crashes again and again for the first time is failed soon, while the app is tried on", async () => {
    const app = await addApp({ restart: { policy: "always", delayMs: 200, max: 50, windowMs: 60_000 } });
    await ended((await deploy(app, "crash")).id, "failed");
    expect(["backing-off", "starting"]).toContain(bench.view(app).state);
  });

  it("that waits for a dependency for ten minutes gives way", async () => {
    const app = await addApp();
    await goOn(app, "v1");
    await bench.addEmpty("db");
    const config = { ...bench.app(app).config, dependsOn: ["db"] };
    await bench.change(app, { config });
    const origin = await bench.store(app, { "app.sh": "", manner: "v2" });
    const { id } = await bench.context.builder.request(bench.app(app), {
      start: true,
      actor: "test",
      origin,
    });
    await bench.passUntil("the wait", () => bench.deployment(id).stages?.at(-1)?.message === "waits for db");
    await bench.clock.pass(600_000);
    const failed = await ended(id, "failed");
    expect(failed.reason).toBe("db did not get ready within 10 minutes");
    expect(serving(app)).toBe(1);
    expect(bench.app(app).targetReleaseId).toBe(bench.app(app).goodReleaseId);
  });

  it("leaves the good one all its tries", async () => {
    const always = { policy: "always", delayMs: 200, max: 3, windowMs: 60_000 } as const;
    const app = await addApp({ strategy: "stop-first", restart: always });
    await goOn(app, "v1");
    for (let crash = 0; crash < 2; crash++) {
      for (const id of bench.running(app)) bench.engine.end(id, { code: 1, signal: null });
      await bench.passUntil("a restart", () => bench.running(app).length === 1);
    }
    await ended((await deploy(app, "crash")).id, "failed");
    expect(bench.running(app)).toHaveLength(1);
    expect(bench.context.store.instances.ofApp(app.id).at(-1)?.crashesBefore).toBe(0);
  });
});

describe("cancelling", () => {
  it.each(["fetch", "validate", "build"] as const)("in %s leaves everything as it was", async (stage) => {
    const app = await addApp();
    await goOn(app, "v1");
    const before = bench.app(app);
    const { id } = await deploy(app, "v2");
    await bench.passUntil(stage, () => bench.deployment(id).stages?.some((one) => one.stage === stage));
    if (bench.deployment(id).state !== "building") return;
    await cancelDeployment(bench.context, id, "test");
    await ended(id, "cancelled");
    await bench.context.builder.close();
    expect(bench.app(app).targetReleaseId).toBe(before.targetReleaseId);
    expect(serving(app)).toBe(1);
  });

  it("while it starts goes back to the good release", async () => {
    const app = await bench.addEmpty("notes", CHECKED);
    await goOn(app, "v1");
    const before = bench.running(app);
    const origin = await bench.store(app, { "app.sh": "", manner: "v2" });
    const { id } = await deployApp(bench.context, bench.app(app), { start: true, actor: "test", origin });
    await inStage(id, "health");
    await cancelDeployment(bench.context, id, "test");
    expect(bench.app(app).targetReleaseId).toBe(bench.app(app).goodReleaseId);
    await ended(id, "cancelled");
    await bench.passUntil("its end", () => bench.running(app).length === 1);
    expect(bench.running(app)).toEqual(before);
    await expect(cancelDeployment(bench.context, id, "test")).rejects.toMatchObject({
      code: "deployment-over",
    });
  });

  it("of a first deploy leaves the app stopped", async () => {
    const app = await bench.addEmpty("notes", CHECKED);
    const origin = await bench.store(app, { "app.sh": "", manner: "v1" });
    const { id } = await deployApp(bench.context, app, { start: true, actor: "test", origin });
    await inStage(id, "health");
    await cancelDeployment(bench.context, id, "test");
    await bench.passUntil("its end", () => bench.running(app).length === 0);
    expect(bench.view(app).state).toBe("stopped");
  });

  it("happens with a stop of the app", async () => {
    const app = await bench.addEmpty("notes", CHECKED);
    const origin = await bench.store(app, { "app.sh": "", manner: "v1" });
    const { id } = await deployApp(bench.context, app, { start: true, actor: "test", origin });
    await inStage(id, "health");
    await stopApp(bench.context, bench.app(app), "test");
    await ended(id, "cancelled");
  });
});

describe("two deploys of one app", () => {
  it("while the first builds: the newer wins", async () => {
    const app = await addApp();
    const [first, second] = [await deploy(app, "v1"), await deploy(app, "v2")];
    await ended(second.id);
    expect(bench.deployment(first.id).state).toBe("superseded");
    expect(readFileSync(join(bench.engine.started.at(-1)?.cwd ?? "", "manner"), "utf8")).toBe("v2");
  });

  it.each(["start", "health"] as const)(
    "while the first is in %s: the newer takes its place, the good one stays",
    async (stage) => {
      const app = await bench.addEmpty("notes", CHECKED);
      const good = await goOn(app, "v1");
      if (stage === "start") hold();
      const sick = await bench.store(app, { "app.sh": "", manner: "v2" });
      const { id } = await deployApp(bench.context, bench.app(app), {
        start: true,
        actor: "test",
        origin: sick,
      });
      await inStage(id, stage);
      const third = await deploy(app, "v3");
      await bench.passUntil("the third", () => bench.deployment(third.id).state === "starting");
      expect(bench.deployment(id).state).toBe("superseded");
      expect(bench.app(app).goodReleaseId).toBe(good.releaseId);
      gate.open();
      await ended(third.id);
      await bench.passUntil("one", () => bench.running(app).length === 1);
      expect(serving(app)).toBe(3);
    },
  );

  it("a restart meanwhile does not lose the code that is on its way", async () => {
    const app = await addApp();
    await goOn(app, "v1");
    const first = await deploy(app, "v2");
    const second = await bench.context.builder.request(bench.app(app), { start: true, actor: "test" });
    await ended(second.id);
    expect(bench.deployment(first.id).state).toBe("superseded");
    expect(serving(app)).toBe(2);
  });
});

describe("a daemon that dies", () => {
  it("while it builds: the next one begins anew", async () => {
    const app = await addApp();
    const { id } = await deploy(app, "v1");
    await bench.close();
    expect(existsSync(join(bench.home, "apps/notes/releases"))).toBe(true);
    await bench.open();
    behave();
    await bench.context.builder.resume();
    await ended(id);
    expect(serving(app)).toBe(1);
  });

  it("four times with one build gives it up", async () => {
    const app = await addApp();
    const { id } = await deploy(app, "v1");
    await bench.close();
    await bench.open();
    const row = bench.deployment(id);
    await bench.context.store.write({
      put: { deployments: [{ ...row, state: "building", endedAt: null, resumed: 3 }] },
    });
    await bench.context.builder.resume();
    expect(bench.deployment(id)).toMatchObject({ state: "failed", reason: expect.stringMatching(/daemon/) });
  });

  it.each(["start", "health"] as const)("in %s: the next one's loop closes it", async (stage) => {
    const app = await bench.addEmpty("notes", CHECKED);
    await goOn(app, "v1");
    if (stage === "start") hold();
    const { id } = await deploy(app, "v2");
    await inStage(id, stage);
    gate.open();
    await bench.close();
    await bench.open();
    behave();
    await ended(id);
    expect(serving(app)).toBe(2);
  });
});

describe("a rollback", () => {
  it("goes to the release that was good before, and back", async () => {
    const app = await addApp();
    await goOn(app, "v1");
    await goOn(app, "v2");
    await ended((await rollbackApp(bench.context, bench.app(app), null, { withEnv: false }, "test")).id);
    expect(serving(app)).toBe(1);
    await ended((await rollbackApp(bench.context, bench.app(app), null, { withEnv: false }, "test")).id);
    expect(serving(app)).toBe(2);
    expect(listReleases(bench.context, bench.app(app))).toHaveLength(2);
  });

  it("brings back the configuration, but not the variables unless asked to", async () => {
    const app = await addApp({ env: { A: "1" } });
    await goOn(app, "v1");
    const { config } = bench.app(app);
    await bench.change(app, { config: { ...config, args: ["x"], env: { A: "2" } } });
    await goOn(app, "v2");
    await ended((await rollbackApp(bench.context, bench.app(app), 1, { withEnv: false }, "test")).id);
    expect(bench.app(app).config).toMatchObject({ args: [], env: { A: "2" } });
    expect(bench.engine.started.at(-1)?.env.A).toBe("2");
    await ended((await rollbackApp(bench.context, bench.app(app), 1, { withEnv: true }, "test")).id);
    expect(bench.app(app).config.env).toEqual({ A: "1" });
    await bench.passUntil("the old variables", () => bench.engine.started.at(-1)?.env.A === "1");
  });

  it("to one that can't run ends where it began, with its configuration", async () => {
    const app = await addApp();
    await goOn(app, "v1");
    await ended((await deploy(app, "crash")).id, "failed");
    await bench.change(app, { config: { ...bench.app(app).config, args: ["x"] } });
    await goOn(app, "v3");
    await ended(
      (await rollbackApp(bench.context, bench.app(app), 2, { withEnv: false }, "test")).id,
      "failed",
    );
    expect(serving(app)).toBe(3);
    expect(bench.app(app).config.args).toEqual(["x"]);
  });

  it("refuses the one that serves and those that are not there", async () => {
    const app = await addApp();
    await goOn(app, "v1");
    const roll = (number: number | null) =>
      rollbackApp(bench.context, bench.app(app), number, { withEnv: false }, "test");
    await expect(roll(1)).rejects.toMatchObject({ code: "release-serving" });
    await expect(roll(7)).rejects.toMatchObject({ code: "release-missing" });
    await expect(roll(null)).rejects.toMatchObject({ code: "release-missing" });
  });
});

describe("retention", () => {
  it("keeps the newest, the good and the pinned, and removes the rest with logs and code", async () => {
    bench.context.settings.releaseRetention = 2;
    const app = await addApp();
    const all = [];
    for (const manner of ["1", "2", "3", "4", "5"]) all.push(await goOn(app, manner));
    const { store } = bench.context;
    const [, second] = store.releases.ofApp(app.id);
    if (second !== undefined) await store.write({ put: { releases: [{ ...second, pinned: true }] } });
    await bench.passUntil("the end of the drain", () => bench.running(app).length === 1);
    await pruneReleases(bench.context, app.id);
    expect(store.releases.ofApp(app.id).map(({ number }) => number)).toEqual([2, 4, 5]);
    expect(serving(app)).toBe(5);
  });
});
