// Repositories that want more than to be read.
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gitBed } from "../../../test/helpers/git-bed.ts";
import { type GitRepository, gitRepository } from "../../../test/helpers/git-repository.ts";

let bed: ReturnType<typeof gitBed>;
let repo: GitRepository;
beforeEach(() => {
  bed = gitBed();
  repo = gitRepository();
});
afterEach(() => {
  expect(bed.left()).toEqual([]);
  bed.end();
  repo.end();
});

describe("nothing is run", () => {
  test("of hooks, filters, configurations and templates, the repository's and the person's", async () => {
    const marks = join(bed.home, "marks");
    mkdirSync(marks);
    const bin = join(bed.home, "bin");
    mkdirSync(bin);
    const program = (name: string, folder = bed.home): string => {
      const file = join(folder, name);
      writeFileSync(file, `#!/bin/sh\ntouch ${join(marks, name)}\ncat\n`);
      chmodSync(file, 0o755);
      return file;
    };
    repo.commit({
      ".gitattributes": "*.txt filter=evil diff=evil ident text eol=crlf export-subst\n",
      "a.txt": "$Id$ $Format:%H$\n",
      ".lfsconfig": `[lfs]\n\turl = http://127.0.0.1:1/\n`,
      ".gitconfig": `[core]\n\tfsmonitor = ${program("tree-config")}\n`,
    });
    for (const hook of ["post-checkout", "pre-upload-pack", "post-update", "reference-transaction"]) {
      mkdirSync(join(repo.dir, "hooks"), { recursive: true });
      writeFileSync(join(repo.dir, "hooks", hook), `#!/bin/sh\ntouch ${marks}/hook-${hook}\n`, {
        mode: 0o755,
      });
    }
    const evil = (home: string) =>
      `[core]\n\tfsmonitor = ${program(`${home}-fsmonitor`)}\n\thooksPath = ${bed.home}\n\tgitProxy = ${program(`${home}-proxy`)}
[filter "evil"]\n\tsmudge = ${program(`${home}-smudge`)}\n\tclean = ${program(`${home}-clean`)}\n\trequired = true
[diff "evil"]\n\ttextconv = ${program(`${home}-textconv`)}
[credential]\n\thelper = ${program(`${home}-helper`)}
[uploadpack]\n\tpackObjectsHook = ${program(`${home}-pack`)}
[init]\n\ttemplateDir = ${bed.home}
[url "ext::${program(`${home}-ext`)} "]\n\tinsteadOf = file://
[alias]\n\tfetch = !${program(`${home}-alias`)}\n`;
    writeFileSync(join(repo.dir, "config"), `[core]\n\tbare = true\n${evil("source")}`);
    writeFileSync(join(bed.home, ".gitconfig"), evil("person"));
    program("git-upload-pack", bin);
    const before = { ...process.env };
    Object.assign(process.env, {
      HOME: bed.home,
      XDG_CONFIG_HOME: bed.home,
      GIT_SSH_COMMAND: program("env-ssh"),
      GIT_ASKPASS: program("env-askpass"),
      GIT_EXTERNAL_DIFF: program("env-diff"),
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "uploadpack.packObjectsHook",
      GIT_CONFIG_VALUE_0: program("env-config"),
      GIT_EXEC_PATH: bin,
      GIT_TEMPLATE_DIR: bed.home,
    });
    try {
      const { files } = await bed.fetch({ url: repo.url });
      expect(files["a.txt"]).toBe("$Id$ $Format:%H$\n");
      expect(Object.keys(files)).toHaveLength(4);
    } finally {
      process.env = before;
    }
    expect(readdirSync(marks)).toEqual([]);
  });

  test("of submodules: they are left out, and that is said", async () => {
    const inner = repo.commit({ x: "inner" });
    const modules = repo.blob(
      `[submodule "lib"]\n\tpath = lib\n\turl = ext::sh -c touch% ${bed.home}/pwned\n\tupdate = !touch ${bed.home}/pwned\n`,
    );
    repo.commitTree(
      repo.tree([
        { mode: "100644", name: ".gitmodules", object: modules },
        { mode: "160000", name: "lib", object: inner },
        { mode: "100644", name: "main.py", object: repo.blob("main") },
      ]),
    );
    const { files } = await bed.fetch({ url: repo.url });
    expect(Object.keys(files).sort()).toEqual([".gitmodules", "main.py"]);
    expect(bed.lines).toContain('The submodule "lib" is left out');
    expect(existsSync(join(bed.home, "pwned"))).toBe(false);
  });

  test("of Git LFS: pointers stay pointers, and that is said", async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12\n`;
    repo.commit({ "model.bin": pointer, ".gitattributes": "*.bin filter=lfs\n" });
    const { files } = await bed.fetch({ url: repo.url });
    expect(files["model.bin"]).toBe(pointer);
    expect(bed.lines.at(-1)).toMatch(/^1 file.* Git LFS/);
  });
});

describe("paths that no tree may have", () => {
  const file = () => repo.blob("evil");
  const inFolder = (folder: string, name: string) =>
    repo.tree([
      { mode: "040000", name: folder, object: repo.tree([{ mode: "100644", name, object: file() }]) },
    ]);
  test.each<[string, () => string, RegExp]>([
    [".git/config", () => inFolder(".git", "config"), /it would be a \.git folder/],
    [".GIT/config", () => inFolder(".GIT", "config"), /it would be a \.git folder/],
    [
      "a/.git/hooks",
      () => repo.tree([{ mode: "040000", name: "a", object: inFolder(".git", "hooks") }]),
      /\.git folder/,
    ],
    ["git~1/config", () => inFolder("git~1", "config"), /it would be a \.git folder/],
    [".g\u200cit/config", () => inFolder(".g\u200cit", "config"), /it would be a \.git folder/],
    ["../evil", () => inFolder("..", "evil"), /"\.\." as a part/],
    ["./evil", () => inFolder(".", "evil"), /"\." as a part/],
    [
      "a/../../evil",
      () => repo.tree([{ mode: "100644", name: "a/../../evil", object: file() }]),
      /"\.\." as a part/,
    ],
    [
      "/etc/passwd",
      () => repo.tree([{ mode: "100644", name: "/etc/passwd", object: file() }]),
      /it is absolute|part of it is empty/,
    ],
    ["a\\b", () => repo.tree([{ mode: "100644", name: "a\\b", object: file() }]), /backslash/],
    ["a\nb", () => repo.tree([{ mode: "100644", name: "a\nb", object: file() }]), /control characters/],
    [
      "A and a",
      () =>
        repo.tree([
          { mode: "100644", name: "A", object: file() },
          { mode: "100644", name: "a", object: file() },
        ]),
      /only in case/,
    ],
    [
      "one name twice",
      () =>
        repo.tree([
          { mode: "100644", name: "a", object: file() },
          { mode: "100755", name: "a", object: file() },
        ]),
      /twice/,
    ],
  ])("are refused: %s", async (_path, make, reason) => {
    repo.commitTree(make());
    await expect(bed.fetch({ url: repo.url })).rejects.toMatchObject({
      code: "invalid-path",
      message: expect.stringMatching(reason),
    });
  });

  test("are refused when they are not UTF-8", async () => {
    const row = Buffer.concat([
      Buffer.from("100644 caf"),
      Buffer.from([0xe9, 0]),
      Buffer.from(file(), "hex"),
    ]);
    repo.commitTree(repo.git(["hash-object", "-w", "--literally", "-t", "tree", "--stdin"], row));
    await expect(bed.fetch({ url: repo.url })).rejects.toMatchObject({
      code: "invalid-path",
      message: '"café": it is not UTF-8',
    });
  });
});

describe("symbolic links", () => {
  const link = (target: string) => ({ mode: "120000" as const, object: repo.blob(target) });
  const shared = () =>
    repo.tree([
      { mode: "100755", name: "run.sh", object: repo.blob("run") },
      { mode: "100644", name: "text", object: repo.blob("text") },
      { name: "inner", ...link("text") },
    ]);

  test("become what they lead to within the repository", async () => {
    const app = repo.tree([
      { name: "up", ...link("../shared/run.sh") },
      { name: "twice", ...link("up") },
      { name: "lib", ...link("../shared") },
      { name: "through", ...link("./lib/../shared/./text") },
    ]);
    repo.commitTree(
      repo.tree([
        { mode: "040000", name: "app", object: app },
        { mode: "040000", name: "shared", object: shared() },
      ]),
    );
    const { files } = await bed.fetch({ url: repo.url });
    const lib = { "app/lib/inner": "text", "app/lib/run.sh*": "run", "app/lib/text": "text" };
    const own = { "shared/inner": "text", "shared/run.sh*": "run", "shared/text": "text" };
    expect(files).toEqual({ ...lib, ...own, "app/through": "text", "app/twice*": "run", "app/up*": "run" });
  });

  test.each([
    ["/etc/passwd", "it is a link that leads out of the repository"],
    ["../../../etc/passwd", "it is a link that leads out of the repository"],
    ["shared/../../x", "it is a link that leads out of the repository"],
    ["nothing", "it is a link to nothing in the repository"],
    ["shared/text/more", "it is a link to nothing in the repository"],
    ["link", "it is a link to itself"],
    [".", "it is a link to a folder that it lies in"],
    ["", "it is a link to a folder that it lies in"],
  ])("are refused else: %s", async (target, reason) => {
    repo.commitTree(
      repo.tree([
        { name: "link", ...link(target) },
        { mode: "040000", name: "shared", object: shared() },
      ]),
    );
    await expect(bed.fetch({ url: repo.url })).rejects.toMatchObject({
      code: "invalid-path",
      message: `"link": ${reason}`,
    });
  });

  test("that multiply each other end at the limit of files", async () => {
    let rows: Parameters<GitRepository["tree"]>[0] = [{ mode: "100644", name: "f", object: repo.blob("x") }];
    const folders = [{ mode: "040000" as const, name: "d0", object: repo.tree(rows) }];
    for (let i = 1; i < 20; i++) {
      rows = ["a", "b", "c"].map((name) => ({ name, ...link(`../d${i - 1}`) }));
      folders.push({ mode: "040000", name: `d${i}`, object: repo.tree(rows) });
    }
    repo.commitTree(repo.tree(folders));
    const small = gitBed({ treeLimits: { maxBytes: 2 ** 20, maxFiles: 300 } });
    await expect(small.fetch({ url: repo.url })).rejects.toMatchObject({ code: "too-large" });
    expect(small.left()).toEqual([]);
    small.end();
  });
});
