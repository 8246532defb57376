// Random changes, good and bad ones: what the store shows is what it has stored.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Batch } from "../../src/domain/store.ts";
import {
  sampleApp,
  sampleDeployment,
  sampleEvent,
  sampleInstance,
  sampleRelease,
} from "../helpers/sample-rows.ts";
import { snapshot } from "../helpers/store-snapshot.ts";
import type { StoreBed } from "./store.ts";

interface Call {
  kind: "write" | "record";
  batch: Batch;
  awaited: boolean;
  /** Turns of the promise queue until the next call: it comes in the middle of a transaction. */
  turns: number;
}

const appId = fc.constantFrom("a", "b", "c");
const releaseId = fc.constantFrom("a1", "a2", "b1", "c1");
const instanceId = fc.constantFrom("i1", "i2", "i3", "i4", "i5");
const time = fc.nat(3);

const app = fc
  .record({ id: appId, name: fc.constantFrom("x", "y", "z"), deletedAt: fc.constantFrom(null, null, 1) })
  .map(({ id, ...change }) => sampleApp(id, change));
const release = releaseId.map((id) => sampleRelease(id, id.charAt(0), Number(id.charAt(1))));
const instance = fc
  .record({
    id: instanceId,
    releaseId,
    createdAt: time,
    endedAt: fc.constantFrom(null, 5),
    message: fc.string(),
  })
  .map(({ id, releaseId: release, ...change }) => sampleInstance(id, release.charAt(0), release, change));
const deployment = fc
  .record({ id: fc.constantFrom("d1", "d2"), appId, startedAt: time })
  .map(({ id, appId: owner, startedAt }) => sampleDeployment(id, owner, { startedAt }));

const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 2 });

const batch: fc.Arbitrary<Batch> = fc.oneof(
  // The most frequent: something that can be stored in an empty database.
  fc.constantFrom("a", "b").map((id) => ({
    put: { apps: [sampleApp(id, { name: id })], releases: [sampleRelease(`${id}1`, id)] },
  })),
  fc.record({
    put: fc.record({
      apps: some(app),
      releases: some(release),
      instances: some(instance),
      deployments: some(deployment),
    }),
    events: fc.array(fc.constant(sampleEvent("happened")), { maxLength: 3 }),
  }),
  some(instance).map((instances) => ({ put: { instances }, events: [sampleEvent("moved")] })),
  fc.record({
    remove: fc.oneof(
      appId.map((id) => ({ apps: [id] })),
      releaseId.map((id) => ({ releases: [id] })),
      instanceId.map((id) => ({ instances: [id] })),
    ),
  }),
);

const call: fc.Arbitrary<Call> = fc.record({
  kind: fc.constantFrom("write", "record"),
  batch,
  awaited: fc.boolean(),
  turns: fc.nat(60),
});

export function storeProperties(emptyBed: () => Promise<StoreBed>): void {
  test("after any changes the stored rows are the shown ones, and events are gapless and in order", async () => {
    const bed = await emptyBed();
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 25 }), async (calls) => {
        let store = await bed.open();
        const [last] = await store.events({ limit: 1 });
        const heard: unknown[] = [];
        store.onEvent((event) => heard.push(event));
        const waiting: Promise<unknown>[] = [];
        for (const { kind, batch, awaited, turns } of calls) {
          const done = kind === "write" ? store.write(batch).catch(() => {}) : store.record(batch);
          waiting.push(done);
          if (awaited) await done;
          for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        }
        await Promise.all(waiting);
        // On a busy machine some records have given up waiting: this write comes after them.
        await store.write({}, { waitMs: 60_000 });
        const before = snapshot(store);
        await store.close();
        store = await bed.open();
        const events = await store.events({ limit: 10_000, after: last?.id ?? 0 });
        const after = snapshot(store);
        await store.write({ remove: { apps: ["a", "b", "c"] } });
        await store.close();
        expect(after).toEqual(before);
        expect(events).toEqual(heard);
        expect(events.map((event) => event.id)).toEqual(heard.map((_, index) => (last?.id ?? 0) + index + 1));
      }),
      { numRuns: 30 },
    );
  });
}
