// What a store does when the database is locked, damaged, newer, or closed.
import { expect, test } from "vitest";
import type { Store } from "../../src/domain/store.ts";
import type { Migration } from "../../src/store/migrate.ts";
import { sampleApp, sampleEvent, sampleInstance, sampleRelease } from "../helpers/sample-rows.ts";
import { snapshot } from "../helpers/store-snapshot.ts";
import type { StoreBed } from "./store.ts";

/** `use` makes another store the one under test. */
export function storeFaults(bed: () => StoreBed, store: () => Store, use: (store: Store) => void): void {
  const seed = () =>
    store().write({
      put: { apps: [sampleApp("a")], releases: [sampleRelease("r1", "a", 1), sampleRelease("r2", "a", 2)] },
    });
  const reopen = async () => {
    await store().close();
    use(await bed().open());
  };

  test("a recorded change that can never be stored is dropped alone, and the tables go back", async () => {
    await seed();
    await Promise.all([
      store().record({ put: { instances: [sampleInstance("i1", "a", "r1")] } }),
      store().record({
        put: {
          instances: [sampleInstance("bad", "nobody", "r1")],
          apps: [sampleApp("a", { wanted: true })],
        },
        events: [sampleEvent("said")],
      }),
      store().record({ put: { instances: [sampleInstance("i2", "a", "r1")] } }),
    ]);
    await store().write({}, { waitMs: 60_000 });
    expect([...store().instances.all()].map((instance) => instance.id).sort()).toEqual(["i1", "i2"]);
    expect(store().apps.get("a")?.wanted).toBe(false);
    expect(bed().logged.some((line) => line.includes("dropped"))).toBe(true);
    expect((await store().events({ limit: 9 })).map((event) => event.message)).toEqual(["said"]);
    const before = snapshot(store());
    await reopen();
    expect(snapshot(store())).toEqual(before);
  });

  test("closing stores what waits; afterwards nothing is taken", async () => {
    const writes = Array.from({ length: 10 }, (_, index) =>
      store().write({ put: { apps: [sampleApp(`a${index}`)] } }),
    );
    await store().close();
    await Promise.all(writes);
    await expect(store().write({})).rejects.toMatchObject({ code: "database-unavailable" });
    await store().record({ put: { apps: [sampleApp("late")] } });
    expect(store().health().pending).toBe(0);
    use(await bed().open());
    expect(store().apps.size).toBe(10);
  });

  test("a locked database delays writes, not reads and not what is recorded", async () => {
    await seed();
    const unlock = await bed().lock();
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 5);
    const recorded = store().record({
      put: { instances: [sampleInstance("i", "a", "r1")] },
      events: [sampleEvent("recorded")],
    });
    expect(store().instances.get("i")).toBeDefined();
    const refused = store().write({ put: { apps: [sampleApp("b")] } }, { waitMs: 300 });
    await expect(refused).rejects.toMatchObject({ code: "database-locked", kind: "unavailable" });
    await recorded;
    expect(await store().events({ limit: 9 })).toEqual([]);
    expect(ticks).toBeGreaterThan(5);
    expect(store().health()).toMatchObject({ ok: false, pending: 1 });
    expect(store().health().reason).toBeTruthy();
    expect(store().apps.get("b")).toBeUndefined();
    for (let turn = 0; turn < 50; turn += 1)
      void store().record({
        put: { instances: [sampleInstance("i", "a", "r1", { message: String(turn) })] },
        events: [sampleEvent(`turn ${turn}`)],
      });
    const delayed = store().write({ put: { apps: [sampleApp("c")] } }, { waitMs: 20_000 });
    await unlock();
    await delayed;
    clearInterval(ticking);
    expect(store().health()).toEqual({ ok: true, reason: null, pending: 0 });
    expect(store().instances.get("i")?.message).toBe("49");
    const messages = (await store().events({ limit: 99 })).map((event) => event.message);
    expect(messages).toEqual(["recorded", ...Array.from({ length: 50 }, (_, turn) => `turn ${turn}`)]);
    const before = snapshot(store());
    await reopen();
    expect(snapshot(store())).toEqual(before);
  });

  test("rows that can't be read are set aside and told, the others stay", async () => {
    await seed();
    await store().write({
      put: { apps: [sampleApp("b"), sampleApp("c")], instances: [sampleInstance("i", "a", "r1")] },
    });
    await store().close();
    await bed().forgetCopies();
    await bed().run("update apps set doc = '{broken' where id = 'a'");
    await bed().run("update apps set doc = '{\"id\":\"b\"}' where id = 'b'");
    use(await bed().open());
    expect([...store().apps.all()].map((app) => app.id)).toEqual(["c"]);
    expect(store().instances.size).toBe(0);
    const [event] = await store().events({ limit: 1 });
    expect(event).toMatchObject({ type: "store.restored", data: { rescued: 0, setAside: 5 } });
    expect(JSON.stringify(event?.data)).toContain("not valid JSON");
    // The name is free again, and it is told once.
    await store().write({ put: { apps: [sampleApp("new", { name: "app-a" })] } });
    await reopen();
    expect(await store().events({ limit: 9 })).toHaveLength(1);
  });

  test("a database of a newer program is refused and left alone", async () => {
    await store().close();
    await bed().run("insert into migrations (number, name, at) values (999, 'later', 1)");
    const failure = await bed()
      .open()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "newer-state", kind: "unavailable" });
    expect((failure as Error).message).toMatch(/newer Gantry.*999/);
    expect((failure as Error).message).not.toContain("\n");
    await bed().run("delete from migrations where number = 999");
    use(await bed().open());
  });

  test("a migration that fails leaves everything as it was; one that works keeps the rows", async () => {
    await seed();
    const before = snapshot(store());
    await store().close();
    const { MIGRATIONS } = await import("../../src/store/migrations/all-migrations.ts");
    const next: Migration = {
      number: 1_002,
      name: "rename",
      up: async (db) => {
        await db.schema.alterTable("meta").addColumn("extra", "text").execute();
        await db.schema.createTable("later").addColumn("id", "text").execute();
      },
    };
    const broken: Migration = { ...next, number: 1_003, up: () => Promise.reject(new Error("no such luck")) };
    const failure = await bed()
      .open({ migrations: [...MIGRATIONS, next, broken] })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "database-unavailable" });
    expect((failure as Error).message).toContain("no such luck");
    use(await bed().open());
    expect(snapshot(store())).toEqual(before);
    await store().close();
    use(await bed().open({ migrations: [...MIGRATIONS, next] }));
    expect(snapshot(store())).toEqual(before);
    await store().close();
    await expect(bed().open()).rejects.toMatchObject({ code: "newer-state" });
    use(await bed().open({ migrations: [...MIGRATIONS, next] }));
  });
}
