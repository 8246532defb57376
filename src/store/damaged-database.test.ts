// Damaged files: the bad one is kept, the last good copy used, and it is said; never silently empty.
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sampleApp, sampleEvent, sampleRelease } from "../../test/helpers/sample-rows.ts";
import { type SqliteBed, sqliteBed } from "../../test/helpers/sqlite-bed.ts";
import { snapshot } from "../../test/helpers/store-snapshot.ts";
import { until } from "../../test/helpers/until.ts";

const PAGE = 4_096;

let bed: SqliteBed;
let before: Record<string, unknown[]>;
beforeEach(async () => {
  bed = sqliteBed();
  const store = await bed.open();
  for (let app = 0; app < 40; app += 1)
    await store.write({
      put: { apps: [sampleApp(`a${app}`)], releases: [sampleRelease(`r${app}`, `a${app}`)] },
      events: [sampleEvent("made")],
    });
  before = snapshot(store);
  await store.close();
});
afterEach(() => bed.end());

/** Opens the damaged store; checks that its good copy was used and that it is said. */
async function expectRestored(apps = 41): Promise<void> {
  const bad = existsSync(bed.file) ? readFileSync(bed.file) : null;
  const store = await bed.open();
  expect(snapshot(store)).toEqual(before);
  const [event] = await store.events({ limit: 1 });
  expect(event?.type).toBe("store.restored");
  expect(event?.data?.copyFrom).toBeGreaterThan(0);
  expect(bed.logged.some((line) => line.startsWith("warn The database was damaged"))).toBe(true);
  if (bad) {
    const kept = readdirSync(bed.home).filter((name) => name.startsWith("gantry.db.corrupt-"));
    expect(kept).toContain(event?.data?.kept);
    expect(readFileSync(`${bed.home}/${event?.data?.kept}`).equals(bad)).toBe(true);
  }
  // It works again, and is not damaged the next time.
  await store.write({ put: { apps: [sampleApp("later")] } });
  await store.close();
  const again = await bed.open();
  expect(again.apps.size).toBe(apps);
  expect((await again.events({ limit: 1 }))[0]?.id).toBe(event?.id);
}

describe("the good copy takes the place of", () => {
  const cases: [string, () => void][] = [
    ["an empty file", () => truncateSync(bed.file, 0)],
    ["a cut file", () => truncateSync(bed.file, statSync(bed.file).size / 2)],
    ["the first bytes", () => truncateSync(bed.file, 100)],
    ["a garbage header", () => overwrite(0, Buffer.from("<html>this is no database</html>"))],
    ["a text", () => writeFileSync(bed.file, "hello\n".repeat(5_000))],
    ["a zeroed first page", () => overwrite(0, Buffer.alloc(PAGE))],
    ["nothing at all", () => rmSync(bed.file)],
    ["another, empty database", () => replaceByEmpty()],
  ];
  for (const [name, damage] of cases)
    test(name, async () => {
      damage();
      await expectRestored();
    });
});

test("any zeroed page and any garbage in the file: no crash, no silent loss", async () => {
  const sound = readFileSync(bed.file);
  const good = readFileSync(`${bed.file}.good`);
  const pages = sound.length / PAGE;
  const damages: Buffer[] = [];
  for (let page = 0; page < pages; page += 1)
    damages.push(Buffer.from(sound).fill(0, page * PAGE, (page + 1) * PAGE));
  for (let round = 0; round < 40; round += 1) {
    const bytes = Buffer.from(sound);
    for (let count = 1 + (round % 20); count > 0; count -= 1)
      bytes[Math.floor(Math.random() * bytes.length)] = Math.floor(Math.random() * 256);
    damages.push(bytes);
  }
  for (const bytes of damages) {
    for (const side of ["-wal", "-shm"]) rmSync(bed.file + side, { force: true });
    writeFileSync(bed.file, bytes);
    writeFileSync(`${bed.file}.good`, good);
    const store = await bed.open();
    const [event] = await store.events({ limit: 1 });
    if (store.apps.size < 40 || store.releases.size < 40) expect(event?.type).toBe("store.restored");
    expect(store.apps.size).toBeGreaterThan(0);
    await store.close();
  }
});

test("a lost write-ahead log is noticed", async () => {
  // As after a crash before the first checkpoint: the file of the database alone is an older state.
  const old = readFileSync(bed.file);
  const store = await bed.open();
  await store.write({ put: { apps: [sampleApp("new")] }, events: [sampleEvent("made")] });
  before = snapshot(store);
  await store.close();
  writeFileSync(bed.file, old);
  await expectRestored(42);
});

test("single rows that can't be read come from the good copy", async () => {
  await bed.run(
    "update apps set doc = '{broken' where id = 'a7'; update releases set doc = '' where id = 'r7'",
  );
  const store = await bed.open();
  expect(snapshot(store)).toEqual(before);
  const [event] = await store.events({ limit: 1 });
  expect(event).toMatchObject({ type: "store.restored", data: { rescued: 2, setAside: 0 } });
  await store.close();
  const again = await bed.open();
  expect(snapshot(again)).toEqual(before);
  expect((await again.events({ limit: 1 }))[0]?.id).toBe(event?.id);
});

test("an orderly end leaves a good copy of the newest apps", async () => {
  rmSync(`${bed.file}.good`);
  const store = await bed.open();
  await until("the copy that is made at the start", () => existsSync(`${bed.file}.good`));
  await store.write({ put: { apps: [sampleApp("new")] } });
  before = snapshot(store);
  await store.close();
  truncateSync(bed.file, 100);
  await expectRestored(42);
});

test("without a good copy the store begins empty, keeps the bad file and says so loudly", async () => {
  rmSync(`${bed.file}.good`);
  writeFileSync(bed.file, "rubbish".repeat(1_000));
  const store = await bed.open();
  expect(store.apps.size).toBe(0);
  const [event] = await store.events({ limit: 1 });
  expect(event).toMatchObject({ type: "store.restored", data: { copyFrom: null } });
  expect(event?.message).toContain("empty");
  expect(readFileSync(`${bed.home}/${event?.data?.kept}`, "utf8")).toContain("rubbish");
  expect(bed.logged.some((line) => line.startsWith("warn"))).toBe(true);
});

test("a bad good copy is kept as well, and not used", async () => {
  writeFileSync(`${bed.file}.good`, "rubbish");
  truncateSync(bed.file, 5_000);
  const store = await bed.open();
  expect(store.apps.size).toBe(0);
  expect(readdirSync(bed.home).filter((name) => name.includes(".corrupt-")).length).toBe(2);
});

test("nobody else can read any of the files", async () => {
  const store = await bed.open();
  await store.write({ put: { apps: [sampleApp("x")] } });
  const files = readdirSync(bed.home);
  expect(files).toEqual(expect.arrayContaining(["gantry.db", "gantry.db-wal", "gantry.db.good"]));
  for (const name of files)
    expect([name, statSync(`${bed.home}/${name}`).mode & 0o777]).toEqual([name, 0o600]);
});

function overwrite(at: number, bytes: Buffer): void {
  const content = readFileSync(bed.file);
  bytes.copy(content, at);
  writeFileSync(bed.file, content);
}

function replaceByEmpty(): void {
  rmSync(bed.file);
  const other = new DatabaseSync(bed.file);
  other.exec("create table something (id integer)");
  other.close();
}
