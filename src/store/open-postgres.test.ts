// The store's contract on PostgreSQL, and what is PostgreSQL's own.
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { storeContract } from "../../test/contracts/store.ts";
import { type PostgresServer, startPostgres } from "../../test/helpers/postgres.ts";
import { type PostgresBed, postgresBed } from "../../test/helpers/postgres-bed.ts";
import { startRelay } from "../../test/helpers/relay.ts";
import { sampleApp, sampleEvent } from "../../test/helpers/sample-rows.ts";
import { openStore } from "./open-store.ts";

let server: PostgresServer;
let bed: PostgresBed | undefined;
beforeAll(async () => {
  server = await startPostgres();
});
afterEach(async () => {
  await bed?.end();
  bed = undefined;
});
afterAll(() => server.stop());

storeContract("PostgreSQL", () => postgresBed(server));

test("a second daemon on the same database is refused; the lock goes with the first", async () => {
  bed = await postgresBed(server);
  const store = await bed.open();
  await expect(bed.open()).rejects.toMatchObject({ code: "home-locked" });
  await store.close();
  await bed.open();
});

test("a broken connection heals, and nothing is stored twice", async () => {
  bed = await postgresBed(server);
  const store = await bed.open();
  await store.write({ put: { apps: [sampleApp("a")] }, events: [sampleEvent("1")] });
  for (let round = 0; round < 5; round += 1) {
    const waiting = [
      store.record({ events: [sampleEvent("x")] }),
      store.write({ put: { apps: [sampleApp(`w${round}`)] }, events: [sampleEvent("x")] }),
    ];
    await endConnections(bed.url);
    await Promise.all(waiting);
  }
  const events = await store.events({ limit: 100 });
  expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
  expect(events).toHaveLength(11);
  expect(store.health()).toEqual({ ok: true, reason: null, pending: 0 });
});

test("a write whose answer got lost is seen once the server answers again", async () => {
  bed = await postgresBed(server);
  const relay = await startRelay(server.port);
  const url = bed.url.replace(`:${server.port}`, `:${relay.port}`);
  const store = await openStore({ home: "/nowhere", databaseUrl: url, log: () => {} });
  try {
    await store.write({ put: { apps: [sampleApp("a")] }, events: [sampleEvent("1")] });
    relay.cutAfter("commit");
    const lost = store.write(
      { put: { apps: [sampleApp("b")] }, events: [sampleEvent("2")] },
      { waitMs: 100 },
    );
    await expect(lost).rejects.toMatchObject({ code: "database-unavailable" });
    expect(store.apps.get("b")).toBeUndefined();
    relay.mend();
    await store.write({ put: { apps: [sampleApp("c")] }, events: [sampleEvent("3")] });
    expect([...store.apps.all()].map((app) => app.id)).toEqual(["a", "b", "c"]);
    const events = await store.events({ limit: 10 });
    expect(events.map(({ id, message }) => `${id} ${message}`)).toEqual(["1 1", "2 2", "3 3"]);
  } finally {
    await store.close();
    await relay.stop();
  }
});

test("a server that is not there is said in one line, without the password", async () => {
  const databaseUrl = "postgres://someone:secret@127.0.0.1:1/nowhere";
  const failure = await openStore({ home: "/nowhere", databaseUrl, log: () => {} }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: "database-unavailable" });
  expect((failure as Error).message).toContain("127.0.0.1:1/nowhere");
  expect((failure as Error).message).not.toMatch(/secret|\n/);
});

/** What a restart of the server does to everybody. */
async function endConnections(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await client.end();
}
