// Deploys on a full disk: the old release goes on, nothing half is left, and it heals without a restart.
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LoopBench } from "../../test/helpers/loop-bench.ts";
import { until } from "../../test/helpers/until.ts";
import type { App } from "../domain/app.ts";
import type { StageName } from "../domain/deployment.ts";
import { deployApp } from "./deploy-app.ts";

const canMount = process.platform === "linux" && process.getuid?.() === 0;

let bench: LoopBench;
let disk = "";
beforeEach(async () => {
  if (!canMount) return;
  disk = mkdtempSync(join(tmpdir(), "gantry-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=12m", "gantry-test", disk]);
  vi.stubEnv("TMPDIR", disk);
  bench = await new LoopBench().open();
});
afterEach(async () => {
  if (!canMount) return;
  await bench.end();
  vi.unstubAllEnvs();
  execFileSync("umount", [disk]);
  rmSync(disk, { recursive: true });
});

const deploy = async (app: App, origin: Awaited<ReturnType<LoopBench["store"]>>) =>
  await deployApp(bench.context, bench.app(app), { start: true, actor: "test", origin });
/** Null when it is done, else why it is not. */
async function outcome(app: App, origin: Awaited<ReturnType<LoopBench["store"]>>): Promise<string | null> {
  try {
    const { id } = await deploy(app, origin);
    await over(id);
    return bench.deployment(id).reason;
  } catch (error) {
    expect(error).toMatchObject({ code: "disk-full" });
    return (error as Error).message;
  }
}
const over = (id: string) => bench.passUntil("its end", () => bench.deployment(id).endedAt !== null);
const code = (version: string) => ({ "app.sh": "", version, large: version.repeat(200_000) });

test.skipIf(!canMount).for(["request", "fetch", "build"] as const)(
  "a disk that gets full at %s leaves the old release or the new one (needs root to mount)",
  async (moment) => {
    const app = await bench.addEmpty("notes", { run: "sh app.sh", port: "none" });
    const first = await deploy(app, await bench.store(app, code("1")));
    await over(first.id);
    const before = { running: bench.running(app), app: bench.app(app) };
    const origin = await bench.store(app, code("2"));
    const filler = join(disk, "filler");
    const undo = moment === "request" ? fill(filler) : fillAt(moment, filler);
    const reason = await outcome(app, origin);
    undo();
    // What is left of the database's own files may hold the last writes: then all of it is done, else nothing.
    if (reason !== null) {
      expect(reason).toMatch(/disk is full/);
      expect(bench.running(app)).toEqual(before.running);
      expect(bench.app(app).targetReleaseId).toBe(before.app.targetReleaseId);
    }
    expect(bench.view(app).state).toBe("running");

    rmSync(filler);
    await until("the queue to be stored", () => bench.context.store.health().ok);
    const second = await deploy(app, origin);
    await over(second.id);
    expect(bench.deployment(second.id).state).toBe("done");
  },
);

/** When the deployment comes to the stage. */
function fillAt(stage: StageName, file: string): () => void {
  let done = false;
  return bench.context.progress.on((news) => {
    if (news.stage !== stage || done) return;
    done = true;
    fill(file);
  });
}

function fill(file: string): () => void {
  const handle = openSync(file, "w");
  try {
    for (let size = 1 << 20; size >= 1; size = size === 1 ? 0 : size >> 1)
      for (;;) if (writeSync(handle, Buffer.alloc(size)) < size) break;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    shave(handle);
  } finally {
    closeSync(handle);
  }
  return () => {};
}

/** Down to the last byte. */
function shave(handle: number): void {
  try {
    for (;;) writeSync(handle, Buffer.alloc(512));
  } catch {}
}
