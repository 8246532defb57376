import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestApi, type TestApi } from "../../test/helpers/api.ts";
import { zipOf } from "../../test/helpers/zip-file.ts";
import { type Client, ClientError, createClient } from "./client.ts";
import { formOf } from "./form.ts";

let on: TestApi;
let client: Client;
beforeEach(async () => {
  on = await createTestApi();
  client = createClient({ socketPath: on.socketPath });
});
afterEach(() => on.end());

async function* inPieces(content: Buffer, size = 1000): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

const page = zipOf([{ name: "index.html", content: "<p>1</p>".repeat(1000) }]);
const send = (
  fields: Record<string, string>,
  { size = page.length as number | null, content = inPieces(page), filename = "my site.zip" } = {},
  onSent?: (bytes: number) => void,
) =>
  client.upload(
    "/api/apps/upload/zip",
    formOf({ start: "false", ...fields }, { filename, size, open: () => content }, onSent),
  );

const failure = (request: Promise<unknown>): Promise<ClientError> =>
  request.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: ClientError) => error,
  );

test.each([
  ["as long as is said", page.length],
  ["of unknown length", null],
])("a file %s arrives with its fields", async (_, size) => {
  const sent: number[] = [];
  const { app, deployment } = await send({ message: "a\nb ✓" }, { size }, (bytes) => sent.push(bytes));
  expect([app.name, deployment?.message]).toEqual(["my-site", "a\nb ✓"]);
  expect(sent.at(-1)).toBe(page.length);
});

test("a name with quotes and line ends is nothing but a name", async () => {
  const filename = 'a"; name="app\r\n\r\nx.zip';
  expect((await send({ name: "site" }, { filename })).deployment?.source).toContain("name=");
});

test.each([
  ["shorter", 1],
  ["longer", -1],
])("a file that turns out %s than was said is not taken", async (_, more) => {
  const error = await failure(send({}, { size: page.length + more }));
  expect(error.message).toMatch(/changed while it was sent/);
  expect((await client.request("GET", "/api/apps")).apps).toEqual([]);
});

test("an answer in the middle is heard, every time, and ends the sending", async () => {
  on.context.settings.maxUploadMb = 1;
  const content = Buffer.alloc(40_000_000);
  for (let round = 0; round < 20; round++) {
    let sent = 0;
    const pieces = inPieces(content, 65_536);
    const size = round % 2 === 0 ? content.length : null;
    const error = await failure(send({}, { size, content: pieces }, (bytes) => (sent = bytes)));
    expect([error.status, error.message]).toEqual([413, "The upload is larger than 1 MiB"]);
    expect(sent).toBeLessThan(content.length);
  }
  expect(readdirSync(join(on.home, "uploads"))).toEqual([]);
});

test("a sender that gives up leaves nothing", async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(100_000);
    throw new Error("the disk is gone");
  }
  await expect(send({}, { size: null, content: endless() })).rejects.toThrow("the disk is gone");
  await expect.poll(() => readdirSync(join(on.home, "uploads"))).toEqual([]);
});

test("no daemon is told as such", async () => {
  const nobody = createClient({ socketPath: join(on.home, "none") });
  const form = formOf({}, { filename: "x.zip", size: page.length, open: () => inPieces(page) });
  const error = await failure(nobody.upload("/api/apps/upload/zip", form));
  expect(error).toBeInstanceOf(ClientError);
  expect([error.code, error.absent]).toEqual(["daemon-gone", true]);
});
