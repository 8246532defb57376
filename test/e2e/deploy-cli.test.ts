// Promise: gantry deploy brings code of any kind to a URL, or says why not and leaves what served before.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { DeploymentView } from "../../src/domain/deployment-view.ts";
import { runCli } from "../helpers/cli.ts";
import { done, page, server, write } from "../helpers/deploy-cli.ts";
import { gitRepository } from "../helpers/git-repository.ts";
import { gitServer } from "../helpers/git-server.ts";
import { processesOf } from "../helpers/processes.ts";
import { ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { zipOf } from "../helpers/zip-file.ts";

type Ended = DeploymentView & { serving: number | null; url: string | null };

test("a folder becomes a new app, then release after release of it; rollback and back", async () => {
  const gantry = await startGantry();
  const notes = write(gantry, "notes", server("v1"));
  const deploy = (...args: string[]) => gantry.cli(["deploy", ...args], { cwd: notes });
  const first = done(await deploy());
  expect(first.stdout).toMatch(/^Release 1 of notes serves \(.*\): http:\/\/notes\.localhost:\d+\n$/);
  expect(first.stderr).toMatch(/notes is a new app[\s\S]*✓ fetch[\s\S]*✓ build[\s\S]*✓ switch/);
  expect(first.stderr).toMatch(/It is a copy: .*next gantry deploy/);
  expect(await page(gantry, "notes")).toBe("v1");

  // A change of the folder is nothing to what is deployed.
  write(gantry, "notes", server("v2"));
  done(await gantry.cli(["restart", "notes"]));
  expect(await page(gantry, "notes")).toBe("v1");
  const second = done(await deploy("-m", "second \u202e one", "--json"));
  expect(second.stderr).toBe("");
  expect(second.json<Ended>()).toMatchObject({
    state: "done",
    release: 2,
    serving: 2,
    message: "second \u202e one",
  });
  expect(await page(gantry, "notes")).toBe("v2");
  expect(done(await deploy()).stdout).toMatch(/^Nothing has changed; release 2 of notes goes on: http/);

  const list = done(await gantry.cli(["releases", "notes"]));
  expect(list.stdout).toMatch(/\n +2 +serving .*second \\u\{202e\} one\n +1 +good /);
  const diff = done(await gantry.cli(["releases", "notes", "--diff", "2"]));
  expect(diff.stdout).toMatch(/^M server\.js\n--- [\s\S]*\n-.*"v1"[\s\S]*\n\+.*"v2"/);
  expect(done(await gantry.cli(["releases", "notes", "--diff", "2:1", "--json"])).json()).toMatchObject({
    from: 2,
    to: 1,
  });
  expect(done(await gantry.cli(["releases", "notes", "--files", "1", "--quiet"])).stdout).toBe("server.js\n");
  done(await gantry.cli(["releases", "notes", "--pin", "1"]));
  expect((await gantry.cli(["releases", "notes"])).stdout).toMatch(/ good\* /);

  expect(done(await gantry.cli(["rollback", "notes"])).stdout).toMatch(/^Release 1 of notes serves again/);
  expect(await page(gantry, "notes")).toBe("v1");
  expect((await gantry.cli(["rollback", "notes", "1"])).code).toBe(4);
  expect((await gantry.cli(["rollback", "notes", "9"])).code).toBe(3);
  expect((await gantry.cli(["rollback", "notes", "x"])).code).toBe(2);
  expect(done(await gantry.cli(["rollback", "notes", "2", "--json"])).json<Ended>()).toMatchObject({
    serving: 2,
  });
  expect(await page(gantry, "notes")).toBe("v2");
  const status = done(await gantry.cli(["status", "notes"])).stdout;
  expect(status).toMatch(/folder +\/.*\/notes \(a copy of it is deployed\)/);
});

const GOOD = `
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"good")
http.server.HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
`;

test.each([
  ["an error of syntax", { "main.py": "def f(:\n" }, /main\.py:1/],
  [
    "a module that is missing",
    { "main.py": `import nothere\n${GOOD}`, "requirements.txt": "" },
    /nothere.*main\.py:1|main\.py:1:8: there is no module nothere/,
  ],
  ["an app that ends", { "main.py": `import sys\nsys.exit(3)\n${GOOD}` }, /code 3/],
  ["nothing to run", { "main.py": "x = 1\n" }, /The code of web: nothing runnable was found/],
])("%s: exit code 1, where it broke, and the old release goes on", async (_, files, said) => {
  const gantry = await startGantry();
  const folder = write(gantry, "web", { "main.py": GOOD });
  done(await gantry.cli(["deploy"], { cwd: folder }));
  const { pid } = await gantry.app("web");
  write(gantry, "web", files);
  const failed = await gantry.cli(["deploy"], { cwd: folder });
  expect(failed.code, failed.stderr).toBe(1);
  expect(failed.stdout).toMatch(/^The deploy of web failed: /);
  expect(failed.stdout).toMatch(said);
  expect(failed.stdout).toMatch(/\nRelease 1 goes on: http:\/\/web/);
  expect(failed.stderr).toMatch(/✗ /);
  expect(await page(gantry, "web")).toBe("good");
  expect((await gantry.app("web")).pid).toBe(pid);
  const again = await gantry.cli(["deploy", "web", "--json"]);
  expect([again.code, again.stderr]).toEqual([1, ""]);
  expect(again.json<Ended>()).toMatchObject({
    state: "failed",
    reason: expect.stringMatching(said),
    serving: 1,
  });
  const { id } = again.json<Ended>();
  expect((await gantry.cli(["status", "web"])).stdout).toContain(`gantry deployments ${id}`);
  expect((await gantry.cli(["deployments", id])).stdout).toMatch(/failed[\s\S]*✗/);
  expect((await gantry.cli(["deployments", id, "--log"])).stdout).toMatch(/^== fetching the code\n/);
});

test("an archive, from disk and from stdin", async () => {
  const gantry = await startGantry();
  const zip = (text: string) => zipOf([{ name: "site/index.html", content: text }]);
  const file = join(gantry.folder, "My Site.zip");
  writeFileSync(file, zip("<p>1</p>"));
  const first = done(await gantry.cli(["deploy", "--zip", "My Site.zip", "--message", "hello"]));
  expect(first.stdout).toMatch(/^Release 1 of my-site serves .*http/);
  expect(await page(gantry, "my-site")).toBe("<p>1</p>");
  expect((await gantry.cli(["status", "my-site"])).stdout).toMatch(/source +archive My Site\.zip\n/);
  expect((await gantry.cli(["releases", "my-site"])).stdout).toMatch(/My Site\.zip +hello/);

  const taken = await gantry.cli(["deploy", "--zip", file]);
  expect([taken.code, taken.stderr]).toEqual([4, expect.stringContaining("gantry deploy my-site --zip")]);
  // Twelve megabytes that can't be packed: it is not in memory at once, and comes as it is.
  const bytes = Buffer.from(
    Uint8Array.from({ length: 12_000_000 }, (_, index) => (index * 2_654_435_761) >>> 13),
  );
  const large = zipOf([
    { name: "index.html", content: "<p>2</p>" },
    { name: "big.bin", content: bytes, method: 0 },
  ]);
  writeFileSync(file, large);
  expect(done(await gantry.cli(["deploy", "my-site", "--zip", file])).stdout).toContain("Release 2");
  expect(await page(gantry, "my-site")).toBe("<p>2</p>");
  const kept = await ask(gantry.at("my-site", "/big.bin"));
  expect(kept.headers["content-length"]).toBe(String(bytes.length));

  const input = zip("<p>3</p>").toString("latin1");
  const piped = await runCli(["deploy", "my-site", "--zip", "-", "--json"], {
    cwd: gantry.folder,
    env: gantry.env,
    input: Buffer.from(input, "latin1"),
  });
  expect(piped.json<Ended>()).toMatchObject({ release: 3, source: "stdin.zip" });
  expect(await page(gantry, "my-site")).toBe("<p>3</p>");

  const wrong = join(gantry.folder, "wrong.zip");
  writeFileSync(wrong, "hello");
  for (const [args, code] of [
    [["my-site", "--zip", wrong], 2],
    [["my-site", "--zip", "none.zip"], 2],
    [["my-site", "--zip", "."], 2],
    [["--zip", "-"], 2],
    [["nobody", "--zip", file], 3],
  ] as const) {
    const refused = await gantry.cli(["deploy", ...args]);
    expect([refused.code, refused.stdout, refused.stderr.split("\n").length], refused.stderr).toEqual([
      code,
      "",
      2,
    ]);
  }
  expect(await page(gantry, "my-site")).toBe("<p>3</p>");
});

test("a repository: branch, next commit, folder in it", async () => {
  const gantry = await startGantry();
  const repository = gitRepository();
  onTestFinished(repository.end);
  repository.commit({ "web/index.html": "main 1" }, "First \u001b[31mpage");
  repository.git(["branch", "old"]);
  repository.commit({ "web/index.html": "main 2" }, "Second page");
  const options = ["--name", "repo", "--subfolder", "web"];
  const first = done(await gantry.cli(["deploy", "--git", `${repository.dir}#old`, ...options]));
  expect(first.stdout).toMatch(/^Release 1 of repo serves/);
  expect(await page(gantry, "repo")).toBe("main 1");
  expect((await gantry.cli(["status", "repo"])).stdout).toMatch(
    /source +git \/.*\/repo\.git #old, folder web\n/,
  );
  const releases = await gantry.cli(["releases", "repo"]);
  expect(releases.stdout).toMatch(/First .*page/);
  expect(releases.stdout).not.toContain("\u001b");
  done(await gantry.cli(["deploy", "repo", "--git", repository.url, "--subfolder", "web"]));
  expect(await page(gantry, "repo")).toBe("main 2");
  repository.commit({ "web/index.html": "main 3" }, "Third page");
  expect(done(await gantry.cli(["deploy", "repo"])).stdout).toContain("Release 3");
  expect(await page(gantry, "repo")).toBe("main 3");
  const missing = await gantry.cli(["deploy", "repo", "--git", `${repository.url}#nobranch`]);
  expect([missing.code, missing.stdout]).toEqual([
    1,
    expect.stringMatching(/nobranch[\s\S]*Release 3 goes on/),
  ]);
});

test("a token opens a repository, and is nowhere to be seen: no process, no log, no file", async () => {
  const gantry = await startGantry();
  const repository = gitRepository();
  onTestFinished(repository.end);
  repository.commit({ "index.html": "private" });
  const token = `sesame-${Math.random().toString(36).slice(2)}`;
  const git = await gitServer({ root: join(repository.dir, ".."), password: `ada:${token}` });
  onTestFinished(git.end);
  const command = ["deploy", "--git", git.url, "--name", "closed"];
  expect((await gantry.cli(command)).code).toBe(1);
  // It stands in the environment of the command that starts the daemon.
  done(await gantry.cli(["down", "--all"]));
  const login = ["deploy", "closed", "--git", git.url, "--git-user", "ada"];
  const first = done(await gantry.cli(login, { env: { GANTRY_GIT_TOKEN: token } }));
  expect(await page(gantry, "closed")).toBe("private");
  for (const { pid } of processesOf(gantry.home))
    for (const file of ["environ", "cmdline"])
      expect(readFileSync(`/proc/${pid}/${file}`, "latin1")).not.toContain(token);
  const texts = [first.stdout, first.stderr, readFileSync(join(gantry.home, "daemon.log"), "utf8")];
  texts.push((await gantry.cli(["status", "closed", "--json"])).stdout);
  texts.push(
    (await gantry.cli(["deployments", "--json"])).stdout,
    (await gantry.cli(["events", "--json"])).stdout,
  );
  for (const text of texts) expect(text).not.toContain(token);
  for (const file of ["gantry.db", "gantry.db-wal"])
    expect(readFileSync(join(gantry.home, file), "latin1")).not.toContain(token);
  // From stdin, too; and it is kept for the next time.
  const run = { cwd: gantry.folder, env: gantry.env };
  done(await runCli(login, { ...run, input: `${token}\n` }));
  repository.commit({ "index.html": "again" });
  done(await gantry.cli(["deploy", "closed"]));
  expect(await page(gantry, "closed")).toBe("again");
  const nothing = await runCli(login, { ...run, input: "" });
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining("GANTRY_GIT_TOKEN")]);
});

test("a clone has the code and none of the rest", async () => {
  const gantry = await startGantry();
  const folder = write(gantry, "notes", server("v1"));
  done(await gantry.cli(["deploy"], { cwd: folder }));
  done(await gantry.cli(["env", "set", "notes", "A=1"]));
  const cloned = done(await gantry.cli(["clone", "notes", "twin", "--start"]));
  expect(cloned.stdout).toMatch(/^Release 1 of twin serves/);
  expect(await page(gantry, "twin")).toBe("v1");
  expect((await gantry.cli(["env", "get", "twin", "A"])).stdout).toBe("1\n");
  const quiet = done(await gantry.cli(["clone", "notes", "third", "--release", "1"]));
  expect([quiet.stdout, quiet.stderr]).toEqual([
    "third has the code and the settings of notes.\n",
    "gantry deploy third builds and starts it.\n",
  ]);
  const status = done(await gantry.cli(["status", "third"])).stdout;
  expect(status).toMatch(/source +typed code\ndraft +saved .* not deployed: gantry deploy third\n/);
  expect((await gantry.cli(["clone", "notes", "twin"])).code).toBe(4);
  expect((await gantry.cli(["clone", "nobody", "x"])).code).toBe(3);
  const still = done(await gantry.cli(["deploy", "third", "--no-start"]));
  expect(still.stdout).toMatch(/^Release 1 of third is ready .* gantry start third\.\n$/);
  expect((await gantry.app("third")).pid).toBeNull();
});

test("what can't be meant is refused, and nothing is changed", async () => {
  const gantry = await startGantry();
  const folder = write(gantry, "notes", server("v1"));
  done(await gantry.cli(["deploy"], { cwd: folder }));
  const before = (await gantry.cli(["deployments", "--json"])).stdout;
  for (const [args, code] of [
    [["nobody"], 3],
    [["nobody", "--path", folder], 3],
    [["../notes"], 3],
    [["notes", "--path", "nowhere"], 2],
    [["notes", "--path", ""], 2],
    [["--path", gantry.folder], 2],
    [["--path", folder, "--name", "../x"], 2],
    [["--path", folder, "--name", "admin"], 2],
    [["notes", "--name", "x"], 2],
    [["--zip", "a", "--git", "b"], 2],
    [["notes", "--subfolder", "x"], 2],
    [["--git-user", "x"], 2],
    [["--git", "ext::sh -c id"], 2],
    [["--git", "-oProxyCommand=id"], 2],
    [["--git", "nowhere"], 2],
    [["--git", "https://example.org/x.git#a..b"], 2],
    [["--git", "git@example.org:x.git", "--git-key", "none"], 2],
    [["notes", "--message", "a\u001b[31m"], 2],
  ] as const) {
    const { code: exit, stdout, stderr } = await gantry.cli(["deploy", ...args]);
    expect([args, exit, stdout, stderr.trimEnd().split("\n").length], stderr).toEqual([args, code, "", 1]);
    const json = await gantry.cli(["deploy", ...args, "--json"]);
    expect(json.json()).toMatchObject({ error: { message: expect.any(String) } });
  }
  expect((await gantry.cli(["deployments", "--json"])).stdout).toBe(before);
  expect((await gantry.cli(["ls", "--quiet"])).stdout).toBe("notes\n");
});
