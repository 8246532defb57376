import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { createClient } from "../client/client.ts";
import type { Session } from "./session.ts";
import { watchApps } from "./watch-apps.ts";

let on: TestApi;
beforeEach(async () => {
  on = await createTestApi();
});
afterEach(() => on.end());

/** A session whose requests are counted. */
function session(): { session: Session; asked: string[] } {
  const asked: string[] = [];
  const client = createClient({ socketPath: on.socketPath });
  const request = (method: string, path: string, ...rest: unknown[]) => {
    asked.push(path);
    return (client.request as (...all: unknown[]) => Promise<unknown>)(method, path, ...rest);
  };
  return { session: { daemon: () => ({ ...client, request }) } as unknown as Session, asked };
}

const add = async (count: number): Promise<string[]> => {
  const apps = [];
  for (let i = 0; i < count; i++) apps.push(await on.addApp(`app-${i}`));
  return apps.map(({ id }) => id);
};

test("many apps are looked at with one list, and come in full, in the order asked for", async () => {
  const ids = (await add(40)).toReversed();
  const { session: own, asked } = session();
  const apps = await watchApps(own, { ids, done: () => true });
  expect(apps.map(({ id }) => id)).toEqual(ids);
  expect(apps[0]).toHaveProperty("urls");
  expect(asked).toEqual(["/api/apps", "/api/apps"]);
});

test("waits for each app, and leaves out one that is deleted meanwhile", async () => {
  const ids = await add(20);
  const { session: own, asked } = session();
  const watching = watchApps(own, { ids, done: ({ state }) => state === "disabled" });
  const params = (id = "") => `/api/apps/${id}`;
  await on.local("DELETE", params(ids[0]));
  for (const id of ids.slice(1)) await on.local("POST", `${params(id)}/disable`);
  const apps = await watching;
  expect(apps.map(({ id }) => id)).toEqual(ids.slice(1));
  // Twenty apps changed, one after the other: far fewer looks than changes.
  expect(asked.filter((path) => path === "/api/apps").length).toBeLessThan(10);
});
