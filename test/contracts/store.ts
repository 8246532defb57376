// What every store must do: SQLite and PostgreSQL pass the same suite.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GantryEvent } from "../../src/domain/event.ts";
import type { Store } from "../../src/domain/store.ts";
import type { Migration } from "../../src/store/migrate.ts";
import {
  sampleApp,
  sampleDeployment,
  sampleEvent,
  sampleInstance,
  sampleRelease,
} from "../helpers/sample-rows.ts";
import { snapshot } from "../helpers/store-snapshot.ts";
import { until } from "../helpers/until.ts";
import { storeExecutions } from "./store-executions.ts";
import { storeFaults } from "./store-faults.ts";
import { storeProperties } from "./store-properties.ts";

/** One database, used by one test. */
export interface StoreBed {
  /** Opens the store; whatever is open at the end is closed by `end`. */
  open(options?: { migrations?: readonly Migration[]; keptEvents?: number }): Promise<Store>;
  /** Runs SQL behind the store's back, while it is closed. */
  run(text: string): Promise<void>;
  /** Removes the good copies. */
  forgetCopies(): Promise<void>;
  /** Another program locks the database; returns the release. */
  lock(): Promise<() => Promise<void>>;
  /** What the store logged so far. */
  logged: string[];
  end(): Promise<void>;
}

export function storeContract(name: string, makeBed: () => Promise<StoreBed>): void {
  describe(`store on ${name}`, () => {
    let bed: StoreBed;
    let store: Store;
    beforeEach(async () => {
      bed = await makeBed();
      store = await bed.open();
    });
    afterEach(() => bed.end());

    const reopen = async () => {
      await store.close();
      store = await bed.open();
    };
    const seed = () =>
      store.write({
        put: { apps: [sampleApp("a")], releases: [sampleRelease("r1", "a", 1), sampleRelease("r2", "a", 2)] },
      });

    test("what was written is read at once, and after a restart, to the last character", async () => {
      await seed();
      const instances = [sampleInstance("i", "a", "r1", { exit: { code: null, signal: "KILL" } })];
      await store.write({ put: { instances, deployments: [sampleDeployment("d", "a")] } });
      const before = snapshot(store);
      expect(store.apps.get("a")).toEqual(sampleApp("a"));
      expect(store.instances.ofApp("a")).toEqual(instances);
      await reopen();
      expect(snapshot(store)).toEqual(before);
    });

    test("names are found in any case, and are free again when the app is deleted", async () => {
      await store.write({ put: { apps: [sampleApp("a", { name: "notes" })] } });
      expect(store.apps.byName("NOTES")?.id).toBe("a");
      await expect(store.write({ put: { apps: [sampleApp("b", { name: "notes" })] } })).rejects.toMatchObject(
        {
          code: "name-taken",
          details: { name: "notes" },
        },
      );
      expect(store.apps.get("b")).toBeUndefined();
      await store.write({ put: { apps: [sampleApp("a", { name: "notes", deletedAt: 5 })] } });
      expect(store.apps.byName("notes")).toBeUndefined();
      await store.write({ put: { apps: [sampleApp("b", { name: "notes" })] } });
      await reopen();
      expect(store.apps.byName("notes")?.id).toBe("b");
      expect(store.apps.size).toBe(2);
    });

    test("a write that fails among others leaves no trace", async () => {
      await store.write({ put: { apps: [sampleApp("a", { name: "one" })] } });
      const heard: string[] = [];
      store.onEvent((event) => heard.push(event.message));
      const writes = ["two", "one", "three"].map((name, index) =>
        store.write({
          put: { apps: [sampleApp(`w${index}`, { name })] },
          events: [sampleEvent(name)],
        }),
      );
      const results = await Promise.allSettled(writes);
      expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(heard).toEqual(["two", "three"]);
      await reopen();
      expect([...store.apps.all()].map((app) => app.name).sort()).toEqual(["one", "three", "two"]);
      const events = await store.events({ limit: 10 });
      expect(events.map((event) => event.id)).toEqual([1, 2]);
    });

    test("what is recorded shows at once and covers older writes", async () => {
      await seed();
      const write = store.write({ put: { instances: [sampleInstance("i", "a", "r1", { message: "old" })] } });
      const recorded = store.record({
        put: { instances: [sampleInstance("i", "a", "r1", { message: "new" })] },
      });
      expect(store.instances.get("i")?.message).toBe("new");
      await Promise.all([write, recorded]);
      expect(store.instances.get("i")?.message).toBe("new");
      await reopen();
      expect(store.instances.get("i")?.message).toBe("new");
    });

    test("what is recorded in the middle of a transaction is stored by the next one", async () => {
      for (let turns = 0; turns < 120; turns += 1) {
        const first = store.record({ events: [sampleEvent(`${turns} first`)] });
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        await Promise.all([first, store.record({ events: [sampleEvent(`${turns} second`)] })]);
      }
      await store.write({}, { waitMs: 60_000 });
      const messages = (await store.events({ limit: 999 })).map((event) => event.message);
      expect(messages).toEqual(
        Array.from({ length: 120 }, (_, turns) => [`${turns} first`, `${turns} second`]).flat(),
      );
    });

    test("events have gapless ids, are told after the tables show them, and are found", async () => {
      const heard: GantryEvent[] = [];
      const seen: boolean[] = [];
      const undo = store.onEvent((event) => {
        heard.push(event);
        seen.push(store.apps.get("a") !== undefined);
      });
      await store.write({
        put: { apps: [sampleApp("a")] },
        events: [sampleEvent("1", "a"), sampleEvent("2")],
      });
      await store.record({ events: [sampleEvent("3", "a")] });
      undo();
      await store.write({ events: [{ type: "app.updated", appId: "a", actor: "t", message: "4 \u0000" }] });
      expect(seen).toEqual([true, true, true]);
      const all = await store.events({ limit: 10 });
      expect(all.map((event) => event.id)).toEqual([1, 2, 3, 4]);
      expect(all[3]?.message).toBe("4 \uFFFD");
      expect(all.slice(0, 3)).toEqual(heard);
      const ids = async (query: Parameters<Store["events"]>[0]) =>
        (await store.events(query)).map((event) => event.id);
      expect(await ids({ limit: 2 })).toEqual([3, 4]);
      expect(await ids({ limit: 2, before: 4 })).toEqual([2, 3]);
      expect(await ids({ limit: 9, after: 2 })).toEqual([3, 4]);
      expect(await ids({ limit: 9, appId: "a" })).toEqual([1, 3, 4]);
      expect(await ids({ limit: 0 })).toEqual([]);
      await reopen();
      await store.write({ events: [sampleEvent("5")] });
      expect(await ids({ limit: 1 })).toEqual([5]);
    });

    test("with an app goes all that belongs to it", async () => {
      await seed();
      const put = { instances: [sampleInstance("i", "a", "r1")], deployments: [sampleDeployment("d", "a")] };
      await store.write({ put });
      await store.write({ remove: { apps: ["a"] }, events: [sampleEvent("gone", "a")] });
      const empty = { apps: [], releases: [], instances: [], deployments: [], ofApp: [] };
      expect(snapshot(store)).toEqual(empty);
      await reopen();
      expect(snapshot(store)).toEqual(empty);
      expect(await store.events({ limit: 5, appId: "a" })).toHaveLength(1);
    });

    test("a release goes with its ended instances, but not while one lives", async () => {
      await seed();
      const instances = [
        sampleInstance("i1", "a", "r1", { endedAt: 3 }),
        sampleInstance("i2", "a", "r1"),
        sampleInstance("i3", "a", "r2"),
      ];
      await store.write({ put: { instances } });
      await expect(store.write({ remove: { releases: ["r1"] } })).rejects.toThrow();
      expect(store.instances.size).toBe(3);
      await store.write({
        put: { instances: [sampleInstance("i2", "a", "r1", { endedAt: 4 })] },
      });
      await store.write({ remove: { releases: ["r1"] } });
      expect([...store.instances.all()].map((instance) => instance.id)).toEqual(["i3"]);
      const before = snapshot(store);
      await reopen();
      expect(snapshot(store)).toEqual(before);
    });

    test("only the newest ended instances are kept, and all living ones", async () => {
      await seed();
      await store.write({ put: { instances: [sampleInstance("living", "a", "r1", { createdAt: 0 })] } });
      for (let at = 1; at <= 60; at += 1)
        await store.record({
          put: { instances: [sampleInstance(`i${at}`, "a", "r1", { createdAt: at, endedAt: at })] },
        });
      const ids = store.instances.ofApp("a").map((instance) => instance.id);
      expect(ids[0]).toBe("living");
      expect(ids.length).toBeGreaterThanOrEqual(21);
      expect(ids.length).toBeLessThanOrEqual(26);
      expect(ids.at(-1)).toBe("i60");
      const before = snapshot(store);
      await reopen();
      expect(snapshot(store)).toEqual(before);
    });

    test("old events are removed in batches, the newest stay", async () => {
      await store.close();
      store = await bed.open({ keptEvents: 100 });
      for (let round = 0; round < 12; round += 1)
        await store.write({ events: Array.from({ length: 100 }, (_, index) => sampleEvent(`${index}`)) });
      const all = await until("old events to be gone", async () => {
        const events = await store.events({ limit: 5_000 });
        return events.length < 1_200 && events;
      });
      expect(all.length).toBeGreaterThanOrEqual(100);
      expect(all.at(-1)?.id).toBe(1_200);
    });

    test("rows of an app come in the order of creation", async () => {
      await seed();
      for (const [id, createdAt] of [
        ["x", 30],
        ["y", 10],
        ["z", 20],
      ] as const)
        await store.write({ put: { instances: [sampleInstance(id, "a", "r1", { createdAt })] } });
      const order = () => store.instances.ofApp("a").map((instance) => instance.id);
      expect(order()).toEqual(["y", "z", "x"]);
      const held = store.instances.ofApp("a");
      await store.write({ remove: { instances: ["z"] } });
      expect(held).toHaveLength(3);
      await reopen();
      expect(order()).toEqual(["y", "x"]);
    });

    test("small facts are kept", async () => {
      expect(store.getMeta("boot")).toBeUndefined();
      await store.setMeta("boot", "1");
      await store.setMeta("boot", "2");
      expect(store.getMeta("boot")).toBe("2");
      await reopen();
      expect(store.getMeta("boot")).toBe("2");
    });

    storeExecutions(
      () => bed,
      () => store,
      reopen,
    );
    storeFaults(
      () => bed,
      () => store,
      (next) => {
        store = next;
      },
    );
    storeProperties(async () => {
      await store.close();
      return bed;
    });
  });
}
