// From saved code to the first answer of the new version, against bare uvicorn on the same environment.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeploymentView } from "../src/domain/deployment-view.ts";
import type { Gantry } from "../test/helpers/gantry.ts";
import { type Ask, ask } from "../test/helpers/request.ts";
import { pause, until } from "../test/helpers/until.ts";
import type { Bench, Row } from "./bench.ts";
import { median, quantile, timed } from "./measure.ts";
import { withGantry } from "./with-gantry.ts";

const EXAMPLE = readFileSync(join(import.meta.dirname, "..", "examples", "mood", "main.py"), "utf8");
/** A person reads and types at least so long between two deploys. */
const BETWEEN_MS = 2_000;
const FILES = 1_000;

/** The example, with a route that says which version answers. */
const code = (version: string): Record<string, string> => ({
  "main.py": `${EXAMPLE}\n\n@app.get("/version")\ndef version() -> str:\n    return "${version}"\n`,
  "requirements.txt": "fastapi\n",
});

/** Asks every 2 ms, on a new connection each time, until the answer is 200 and holds `text`. */
async function firstAnswer(question: Ask, text: string): Promise<void> {
  for (;;) {
    const answer = await ask(question).catch(() => null);
    if (answer?.status === 200 && answer.text.includes(text)) return;
    await pause(2);
  }
}

async function bareRound(gantry: Gantry, uvicorn: string, version: string): Promise<number> {
  // As a changed file is: nothing of it is compiled.
  const cwd = join(gantry.folder, `bare-${version}`);
  mkdirSync(cwd);
  writeFileSync(join(cwd, "main.py"), code(version)["main.py"] ?? "");
  const port = gantry.ports.range.last;
  const started = performance.now();
  const child = spawn(uvicorn, ["main:app", "--port", String(port)], { cwd, stdio: "ignore" });
  await firstAnswer({ port, path: "/version" }, version);
  const time = performance.now() - started;
  const ended = once(child, "exit");
  child.kill();
  await ended;
  rmSync(cwd, { recursive: true });
  return time;
}

async function must(gantry: Gantry, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await gantry.api(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
  return answer.json();
}

/** The newest deployment of the app, when all of it is over. */
async function settled(gantry: Gantry, app: string): Promise<DeploymentView> {
  return await until(`the deploy of ${app}`, async () => {
    const { deployments } = (await must(gantry, "GET", `/api/apps/${app}/deployments`)) as {
      deployments: DeploymentView[];
    };
    const [newest] = deployments;
    if (newest?.state === "failed") throw new Error(`the deploy failed: ${newest.reason}`);
    const isOver = newest !== undefined && !newest.open;
    return isOver && newest.stages.every(({ state }) => state !== "running") && newest;
  });
}

async function deployRound(gantry: Gantry, app: string, version: string): Promise<number> {
  return await timed(async () => {
    await must(gantry, "PUT", `/api/apps/${app}/draft`, { files: code(version) });
    await must(gantry, "POST", `/api/apps/${app}/deploy`, {});
    await firstAnswer(gantry.at(app, "/version"), version);
  });
}

/** Medians of the stages, for the one who looks where the time goes. */
class Stages {
  private readonly times = new Map<string, number[]>();

  add({ stages }: DeploymentView): void {
    for (const { stage, durationMs } of stages)
      this.times.set(stage, [...(this.times.get(stage) ?? []), durationMs ?? 0]);
  }

  text(): string {
    return [...this.times].map(([stage, all]) => `${stage} ${median(all).toFixed(0)}`).join(", ");
  }
}

async function singleFile(gantry: Gantry, rounds: number, note: (text: string) => void): Promise<Row[]> {
  for (const [name, config] of [
    ["mood", {}],
    ["cold", { warm: false }],
  ] as const) {
    await must(gantry, "POST", "/api/apps/upload/files", { name, config, files: code("v0") });
    await firstAnswer(gantry.at(name, "/version"), "v0");
    await settled(gantry, name);
  }
  const [uvicorn] = globSync(join(gantry.home, "envs", "**", "bin", "uvicorn"));
  if (uvicorn === undefined) throw new Error("Gantry's environment of the app has no uvicorn");
  const times = { bare: [] as number[], mood: [] as number[], cold: [] as number[], back: [] as number[] };
  const stages = { mood: new Stages(), cold: new Stages(), back: new Stages() };
  await bareRound(gantry, uvicorn, "first");
  for (let i = 1; i <= rounds; i++) {
    await pause(BETWEEN_MS);
    times.bare.push(await bareRound(gantry, uvicorn, `v${i}`));
    for (const app of ["mood", "cold"] as const) {
      times[app].push(await deployRound(gantry, app, `v${i}`));
      stages[app].add(await settled(gantry, app));
      await pause(BETWEEN_MS / 2);
    }
    await deployRound(gantry, "mood", `next${i}`);
    await settled(gantry, "mood");
    await pause(BETWEEN_MS);
    times.back.push(
      await timed(async () => {
        await must(gantry, "POST", "/api/apps/mood/rollback", {});
        await firstAnswer(gantry.at("mood", "/version"), `v${i}`);
      }),
    );
    stages.back.add(await settled(gantry, "mood"));
  }
  for (const [name, found] of Object.entries(stages)) note(`  ${name}: ${found.text()} ms`);
  const bare = median(times.bare);
  const row = (what: string, own: number[], target: string, reached: boolean | null): Row => ({
    figure: `FastAPI: ${what} to first 200 of the new version (bare: uvicorn)`,
    gantry: median(own),
    unit: "ms",
    bare,
    p95: quantile(own, 0.95),
    target,
    reached,
  });
  return [
    row("save and deploy", times.mood, "≤ bare (aim: half)", median(times.mood) <= bare),
    row("save and deploy with warm: false", times.cold, "", null),
    row("rollback", times.back, "≤ bare", median(times.back) <= bare),
  ];
}

function writeRepository(dir: string): void {
  for (let i = 0; i < FILES - 2; i++) {
    const folder = join(dir, "pages", `part${i % 25}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, `page${i}.py`),
      `# Page ${i}\n\n\ndef title() -> str:\n    return "Page ${i}"\n`,
    );
  }
  for (const [name, text] of Object.entries(code("v0"))) writeFileSync(join(dir, name), text);
}

async function repository(gantry: Gantry, rounds: number, note: (text: string) => void): Promise<Row[]> {
  const dir = join(gantry.folder, "pages");
  writeRepository(dir);
  await must(gantry, "POST", "/api/apps", { name: "pages", path: dir });
  await must(gantry, "POST", "/api/apps/pages/deploy", { path: dir });
  await settled(gantry, "pages");
  const build: number[] = [];
  const stages = new Stages();
  for (let i = 1; i <= rounds; i++) {
    await pause(BETWEEN_MS / 2);
    writeFileSync(join(dir, "main.py"), code(`v${i}`)["main.py"] ?? "");
    await must(gantry, "POST", "/api/apps/pages/deploy", { path: dir });
    await firstAnswer(gantry.at("pages", "/version"), `v${i}`);
    const deployment = await settled(gantry, "pages");
    stages.add(deployment);
    build.push(deployment.stages.find(({ stage }) => stage === "build")?.durationMs ?? Number.NaN);
  }
  note(`  ${FILES} files: ${stages.text()} ms`);
  return [
    {
      figure: `build step of ${FILES} files with an unchanged list of dependencies`,
      gantry: median(build),
      unit: "ms",
      bare: null,
      p95: quantile(build, 0.95),
      target: "≤ 500 ms",
      reached: median(build) <= 500,
    },
  ];
}

export const bench: Bench = {
  name: "deploys",
  what: "from saved code, and from a rollback, to the first 200; the build of many files",
  run: ({ quick, note }) =>
    withGantry(async (gantry) => [
      ...(await singleFile(gantry, quick ? 5 : 15, note)),
      ...(await repository(gantry, quick ? 3 : 7, note)),
    ]),
};
