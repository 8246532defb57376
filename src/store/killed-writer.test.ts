// kill -9 at any moment: every batch is there as a whole or not at all, and what was confirmed is there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type SqliteBed, sqliteBed } from "../../test/helpers/sqlite-bed.ts";

const PROGRAM = join(import.meta.dirname, "../../test/fixtures/programs/write-batches.ts");

let bed: SqliteBed | undefined;
afterEach(() => bed?.end());

test("a killed writer leaves whole batches only", async () => {
  bed = sqliteBed();
  for (let round = 0; round < 6; round += 1) {
    const confirmed = await writeUntilKilled(bed.home, Math.random() * 120);
    const store = await bed.open();
    const numbers = new Set([
      ...[...store.apps.all()].map((app) => app.generation),
      ...[...store.deployments.all()].map((deployment) => Number(deployment.actor)),
    ]);
    expect(store.apps.size + store.deployments.size).toBe(4);
    expect(numbers.size).toBe(1);
    const [number = 0] = numbers;
    expect(number).toBeGreaterThanOrEqual(confirmed);
    const events = await store.events({ limit: 1_000 });
    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => (events[0]?.id ?? 0) + index));
    expect(events.slice(-4).map((event) => event.message)).toEqual(
      [number - 1, number - 1, number, number].map(String),
    );
    await store.setMeta("number", String(number));
    await store.close();
  }
});

/** Returns the number of the last batch that the writer had confirmed when it was killed. */
async function writeUntilKilled(home: string, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, home], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (text: Buffer) => {
    output += text;
  });
  try {
    while (output.split("\n").length < 20) await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, afterMs));
  } finally {
    child.kill("SIGKILL");
  }
  await once(child, "close");
  return Number(output.split("\n").at(-2));
}
