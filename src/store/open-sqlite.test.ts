// The store's contract on SQLite, and what is SQLite's own.
import { afterEach, expect, test } from "vitest";
import { storeContract } from "../../test/contracts/store.ts";
import { sampleApp } from "../../test/helpers/sample-rows.ts";
import { type SqliteBed, sqliteBed } from "../../test/helpers/sqlite-bed.ts";

storeContract("SQLite", async () => sqliteBed());

let bed: SqliteBed | undefined;
afterEach(() => bed?.end());

test("a store opens and records while another program holds the lock", async () => {
  bed = sqliteBed();
  const first = await bed.open();
  await first.write({ put: { apps: [sampleApp("a")] } });
  const unlock = await bed.lock();
  const store = await bed.open();
  expect(store.apps.size).toBe(1);
  await store.record({ put: { apps: [sampleApp("a", { wanted: true })] } });
  expect(store.health().ok).toBe(false);
  await unlock();
  await store.setMeta("done", "yes");
  expect(store.apps.get("a")?.wanted).toBe(true);
});
