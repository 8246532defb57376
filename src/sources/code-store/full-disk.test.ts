// A full disk refuses code, says so, and keeps what is there.
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { codeBed, filesIn, LIMITS } from "../../../test/helpers/code-bed.ts";

const canMount = process.platform === "linux" && process.getuid?.() === 0;

let disk: string | undefined;
afterEach(() => {
  if (disk === undefined) return;
  execFileSync("umount", [disk]);
  rmSync(disk, { recursive: true });
});

test.skipIf(!canMount)("a full disk refuses code and leaves nothing half (needs root to mount)", async () => {
  disk = mkdtempSync(join(tmpdir(), "gantry-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "gantry-test", disk]);
  mkdirSync(join(disk, "home"));
  const bed = codeBed(join(disk, "home"));
  const old = await bed.keep({ "main.py": "old", large: "x".repeat(500_000) });
  const full = { code: "disk-full" };

  const large = bed.store.begin("app", LIMITS);
  const piece = Buffer.alloc(100_000, "y");
  await expect(
    large.add("large", Readable.from(Array.from({ length: 100 }, () => piece))),
  ).rejects.toMatchObject(full);
  await expect(large.seal()).rejects.toMatchObject(full);
  expect(bed.names("incoming")).toEqual([]);

  const file = fill(join(disk, "filler"));
  const small = bed.store.begin("app", LIMITS);
  await expect(
    (async () => {
      for (let number = 0; number < 20; number += 1)
        await small.add(String(number), `${number}`.repeat(9_000));
      await small.seal();
    })(),
  ).rejects.toMatchObject(full);
  await small.abort();
  await expect(bed.store.checkOut("app", old.hash)).rejects.toMatchObject(full);
  expect([bed.names("incoming"), bed.names("work"), bed.names("trees")]).toEqual([
    [],
    [],
    [`${old.hash}.json`],
  ]);
  expect(bed.objects()).toHaveLength(2);
  expect(String(await bed.store.read("app", old.hash, "main.py"))).toBe("old");

  rmSync(file);
  expect(filesIn(await bed.store.checkOut("app", old.hash))).toHaveProperty("main.py", "old");
  await bed.keep({ "main.py": "new" });
});

/** Writes until nothing more fits; returns `path`. */
function fill(path: string): string {
  const file = openSync(path, "w");
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096));
  } catch {
    closeSync(file);
  }
  return path;
}
