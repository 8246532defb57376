// A full disk: reads and supervision go on, writers are told, and it heals without a restart.
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { sampleApp, sampleEvent, sampleInstance, sampleRelease } from "../../test/helpers/sample-rows.ts";
import { type SqliteBed, sqliteBed } from "../../test/helpers/sqlite-bed.ts";
import { snapshot } from "../../test/helpers/store-snapshot.ts";
import { until } from "../../test/helpers/until.ts";

const canMount = process.platform === "linux" && process.getuid?.() === 0;

let bed: SqliteBed | undefined;
let disk: string | undefined;
afterEach(async () => {
  await bed?.end().catch(() => {});
  if (disk) {
    execFileSync("umount", [disk]);
    rmSync(disk, { recursive: true });
  }
});

test.skipIf(!canMount)(
  "a full disk refuses writes, keeps what is recorded, and heals (needs root to mount)",
  async () => {
    disk = mkdtempSync(join(tmpdir(), "gantry-disk-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "gantry-test", disk]);
    bed = sqliteBed(join(disk, "home"));
    const store = await bed.open();
    await store.write({ put: { apps: [sampleApp("a")], releases: [sampleRelease("r", "a")] } });
    const filler = join(disk, "filler");
    fill(filler);

    const big = sampleApp("big", { source: { type: "folder", path: "/x".repeat(100_000) } });
    const before = snapshot(store);
    await expect(store.write({ put: { apps: [big] }, events: [sampleEvent("big")] })).rejects.toMatchObject({
      code: "disk-full",
    });
    expect(snapshot(store)).toEqual(before);
    expect(await store.events({ limit: 5 })).toEqual([]);

    // Recorded changes are shown until some more no longer fit; they wait in the queue.
    for (let number = 0; store.health().ok && number < 2_000; number += 1)
      await store.record({
        put: { instances: [sampleInstance("i", "a", "r", { message: `${number} ${"x".repeat(20_000)}` })] },
        events: [sampleEvent(String(number))],
      });
    expect(store.health()).toMatchObject({ ok: false, reason: "the disk is full" });
    await expect(store.write({ put: { apps: [sampleApp("b")] } })).rejects.toMatchObject({
      code: "disk-full",
    });
    expect(store.apps.get("b")).toBeUndefined();

    rmSync(filler);
    await until("the queue to be stored", () => store.health().ok);
    await store.write({ put: { apps: [sampleApp("b")] } });
    const after = snapshot(store);
    const events = await store.events({ limit: 5_000 });
    expect(events.map((event) => event.message)).toEqual(events.map((_, index) => String(index)));
    await store.close();

    // A daemon that starts on a full disk says so, and takes nothing for damaged.
    fill(filler);
    await expect(bed.open()).rejects.toMatchObject({ code: "disk-full" });
    rmSync(filler);
    const again = await bed.open();
    expect(snapshot(again)).toEqual(after);
    expect(readdirSync(bed.home).filter((name) => name.includes("corrupt"))).toEqual([]);
  },
);

/** Writes until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096));
  } catch {
    closeSync(file);
  }
}
