// Templates of one's own, from the home and from Git; hostile ones; and what leaves nothing behind.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import type { Gantry } from "../helpers/gantry.ts";
import { gitRepository } from "../helpers/git-repository.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";

const SERVER = `require("node:http").createServer((q, r) => r.end(JSON.stringify(["{{name}}", process.env.GREETING, process.env.KEY])))
  .listen(process.env.PORT, process.env.HOST);`;
const DESCRIPTION = `title: Mine
placeholders: [server.js]
secrets: { KEY: random, PASSWORD: password }
config:
  run: node server.js
  env: { GREETING: "$hi" }
`;

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const own = (gantry: Gantry, name: string, files: Record<string, string>): string => {
  const folder = join(gantry.home, "templates", name);
  write(folder, files);
  return folder;
};

const answer = async (gantry: Gantry, app: string): Promise<unknown[]> =>
  (await ask(gantry.at(app))).json<unknown[]>();

async function refused(gantry: Gantry, args: string[], code: number, ...words: string[]): Promise<void> {
  const before = readdirSync(gantry.folder);
  const result = await gantry.cli(["new", ...args]);
  expect(result, result.stderr).toMatchObject({ code, stdout: "" });
  for (const word of words) expect(result.stderr).toContain(word);
  expect(
    result.stderr
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("Error")),
  ).toHaveLength(1);
  expect(readdirSync(gantry.folder)).toEqual(before);
  expect((await gantry.api("GET", "/api/apps")).json<{ apps: AppView[] }>().apps).toEqual([]);
}

test("from the home: linked and kept, with secrets that nothing shows again", async () => {
  const gantry = await startGantry();
  own(gantry, "mine", { "template.yaml": DESCRIPTION, "server.js": SERVER, gitignore: "x" });
  own(gantry, "flask", { "index.html": "not Flask" });
  const linked = await gantry.cli(["new", "mine", "one"]);
  expect(linked.code, linked.stderr).toBe(0);
  const password = /PASSWORD is (\S+)/.exec(linked.stdout)?.[1] ?? "";
  expect(password).toMatch(/^\w{5}(-\w{5}){3}$/);
  const [name, greeting, key] = await answer(gantry, "one");
  expect([name, greeting]).toEqual(["one", "$hi"]);
  expect(key).toMatch(/^[\w-]{43}$/);
  const folder = join(gantry.folder, "one");
  expect(readdirSync(folder).sort()).toEqual([".gitignore", "gantry.yaml", "server.js"]);
  expect(readFileSync(join(folder, "gantry.yaml"), "utf8")).toBe(
    'name: one\nrun: node server.js\nenv: { GREETING: "$hi" }\n',
  );
  // What is in the folder is the app: nothing changes by bringing it up.
  expect((await gantry.cli(["up", "one"])).code).toBe(0);
  expect(await answer(gantry, "one")).toEqual(["one", "$hi", key]);

  const kept = await gantry.cli(["new", "mine", "two", "--deploy", "--no-start", "--json"]);
  expect(kept.code, kept.stderr).toBe(0);
  expect(kept.json()).toMatchObject({ folder: null, deployment: { state: "done", source: "template mine" } });
  expect(existsSync(join(gantry.folder, "two"))).toBe(false);
  expect(await gantry.app("two")).toMatchObject({
    state: "installed",
    source: { type: "files" },
    release: null,
  });
  expect((await gantry.cli(["start", "two"])).code).toBe(0);
  expect((await answer(gantry, "two")).slice(0, 2)).toEqual(["two", "$hi"]);
  expect((await answer(gantry, "two"))[2]).not.toBe(key);

  const registered = await gantry.cli(["new", "flask", "site", "--path", "deep site", "--no-start"]);
  expect(registered.code, registered.stderr).toBe(0);
  expect(readFileSync(join(gantry.folder, "deep site/index.html"), "utf8")).toBe("not Flask");
  expect((await gantry.app("site")).state).toBe("uploaded");
  const { stdout } = await gantry.cli(["new", "--list"]);
  expect(stdout).toMatch(/^flask +own, not built-in /m);
  expect(stdout).toMatch(/^mine +own +Mine/m);

  const everything = [
    (await gantry.api("GET", "/api/apps/one")).text,
    (await gantry.cli(["events", "--json"])).stdout,
    (await gantry.cli(["export"])).stdout,
    readFileSync(join(gantry.home, "daemon.log"), "utf8"),
  ].join("\n");
  for (const secret of [password, String(key)]) expect(everything).not.toContain(secret);
});

test("from a Git repository: a branch, a folder in it, a gantry.yaml of its own", async () => {
  const gantry = await startGantry();
  const repository = gitRepository();
  onTestFinished(() => repository.end());
  repository.commit({
    "README.md": "top",
    "starts/web/gantry.yaml": "apps:\n  old:\n    run: node server.js\n    env: { GREETING: hello }\n",
    "starts/web/template.yaml": "placeholders: [server.js]\n",
    "starts/web/server.js": SERVER,
  });
  repository.git(["branch", "stable"]);
  repository.commit({ "starts/web/server.js": "broken" });
  const source = [`${repository.url}#stable`, "shop", "--subfolder", "starts/web"];
  const result = await gantry.cli(["new", ...source, "--json"]);
  expect(result.code, result.stderr).toBe(0);
  expect(result.json()).toMatchObject({
    template: expect.stringMatching(/#stable \([0-9a-f]{7}\)$/),
    files: ["gantry.yaml", "server.js"],
  });
  expect((await answer(gantry, "shop")).slice(0, 2)).toEqual(["shop", "hello"]);
  expect(readFileSync(join(gantry.folder, "shop/gantry.yaml"), "utf8")).toMatch(
    /^name: shop\nrun: node server.js\n/,
  );
});

test("what is wrong is said, and leaves nothing", async () => {
  const gantry = await startGantry();
  expect((await gantry.cli(["new", "--list"])).code).toBe(0);
  const repository = gitRepository();
  onTestFinished(() => repository.end());
  repository.commit({ "index.html": "x" });
  own(gantry, "placeholders", { "template.yaml": "placeholders: [../../key]", "index.html": "" });
  own(gantry, "unknown", { "template.yaml": "\nconfig: { helth: / }", "index.html": "" });
  own(gantry, "nothing", { "template.yaml": "title: x" });
  own(gantry, "no-app", { "notes.txt": "x" });
  own(gantry, "depends", { "template.yaml": "config: { depends_on: [db] }", "index.html": "" });
  own(gantry, "reserved", { "template.yaml": "secrets: { HOST: random }", "index.html": "" });
  symlinkSync(join(gantry.home, "gantry.db"), join(own(gantry, "leak", { "index.html": "" }), "key.txt"));
  symlinkSync("/etc/passwd", join(own(gantry, "yaml-link", { "index.html": "" }), "template.yaml"));
  write(join(gantry.folder, "full"), { mine: "mine" });

  await refused(gantry, ["fastap", "x"], 3, 'no template "fastap"', "Did you mean fastapi?");
  await refused(gantry, ["..", "x"], 3, 'no template ".."');
  await refused(gantry, ["../templates/leak", "x"], 2, "address of the repository");
  await refused(gantry, ["ext::sh%20-c%20id", "x"], 2, "would run a program");
  await refused(gantry, [join(gantry.home, "none"), "x"], 1, "no Git repository");
  await refused(gantry, [repository.url, "x", "--subfolder", "../y"], 2);
  await refused(gantry, [repository.url, "x", "--subfolder", "y"], 2, 'no folder "y" in it');
  await refused(gantry, ["placeholders", "x"], 2, '"../../key", which is no file of the app');
  await refused(gantry, ["unknown", "x"], 2, "unknown/template.yaml:2:11", "Did you mean health?");
  await refused(gantry, ["nothing", "x"], 2, "there is no file in it");
  await refused(gantry, ["no-app", "x"], 2, "nothing runnable");
  await refused(gantry, ["depends", "x"], 3, "There is no app db");
  await refused(gantry, ["reserved", "x"], 2, "HOST is set by Gantry");
  await refused(gantry, ["leak", "x"], 2, '"key.txt": it is a link that leads out');
  await refused(gantry, ["leak", "x", "--deploy"], 2, "it is a link that leads out");
  await refused(gantry, ["yaml-link", "x"], 2, "template.yaml is a link");
  await refused(gantry, ["static", "../x"], 2, "can't be an app's name");
  await refused(gantry, ["static", "api"], 2, "reserved");
  await refused(gantry, ["static", "full"], 4, "it is not empty", "--path");
  await refused(gantry, ["static", "x", "--path", "none/x"], 2, "no such folder");
  await refused(gantry, ["static", "x", "--path", "y", "--deploy"], 2, "--deploy makes no folder");
  await refused(gantry, ["static"], 2, "new needs <name>");
  await refused(gantry, ["--list", "static"], 2, "either --list or a template");
  for (const body of [
    { name: "x" },
    { name: "x", template: "static", url: repository.url },
    { name: "x", template: "static", ref: "main" },
    { name: "x", template: "static", folder: "relative" },
    { name: 1, template: "static" },
  ])
    expect((await gantry.api("POST", "/api/apps/new", body)).status).toBeGreaterThanOrEqual(400);

  expect((await gantry.cli(["new", "static", "x"])).code).toBe(0);
  const taken = await gantry.cli(["new", "static", "x", "--path", "y"]);
  expect(taken).toMatchObject({ code: 4, stderr: expect.stringContaining("An app named x exists already") });
  expect(existsSync(join(gantry.folder, "y"))).toBe(false);
});
