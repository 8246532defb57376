// A folder becomes a tree as it is: without what is no code, and with nothing from elsewhere.
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CodeBed, codeBed, filesIn, LIMITS } from "../../../test/helpers/code-bed.ts";
import type { TreeLimits } from "../../domain/code-store.ts";
import { snapshotFolder } from "./snapshot.ts";

let bed: CodeBed;
let folder: string;
beforeEach(() => {
  bed = codeBed();
  folder = join(bed.home, "folder");
  mkdirSync(folder);
});
afterEach(() => bed.end());

const write = (path: string, text = "") => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const link = (path: string, target: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(target, join(folder, path));
};

/** path → text of the tree that the folder becomes. */
async function snapshot(limits: TreeLimits = LIMITS, except: string[] = []): Promise<Record<string, string>> {
  const writer = bed.store.begin("app", limits);
  try {
    await snapshotFolder(folder, writer, { except });
    return filesIn(await bed.store.checkOut("app", (await writer.seal()).hash));
  } finally {
    await writer.abort();
    expect(bed.names("incoming")).toEqual([]);
  }
}
const paths = async () => Object.keys(await snapshot()).sort();

test("files of all kinds, executable or not, and nothing of the folder changes", async () => {
  write("main.py", "print(1)");
  write("bin/run", "#!/bin/sh");
  chmodSync(join(folder, "bin/run"), 0o755);
  write("deep/er/and/deeper/data.bin", "\0\xff");
  write(".hidden/.file", "h");
  write("name with spaces/日本.txt", "j");
  mkdirSync(join(folder, "empty"));
  write("large", "x".repeat(300_000));
  const before = filesIn(folder);
  expect(await snapshot()).toEqual(before);
  expect(filesIn(folder)).toEqual(before);
});

test("what tools make is left out, wherever it lies", async () => {
  const made = [
    ".git/HEAD",
    "sub/.git",
    "node_modules/a/b.js",
    "web/node_modules/x.js",
    "a/__pycache__/m.pyc",
    "m.pyc",
  ];
  made.push(
    ".DS_Store",
    ".pytest_cache/x",
    ".mypy_cache/x",
    ".ruff_cache/x",
    "__MACOSX/x",
    ".venv/bin/python",
  );
  made.push("venv/pyvenv.cfg", "venv/lib/x.py", "tools/my env/pyvenv.cfg", "tools/my env/x.py");
  for (const path of [...made, "env/settings.py", "venv2/x", ".next/x", ".env", "node_modules.txt"])
    write(path);
  expect(await paths()).toEqual([".env", ".next/x", "env/settings.py", "node_modules.txt", "venv2/x"]);
});

test(".gitignore and .gantryignore, nested, with negation; .gantryignore wins", async () => {
  write(".gitignore", "*.log\n.env\n/dist/\ndata/*\n!data/keep.csv\n");
  write(".gantryignore", "!dist/\nnotes.md\n!important.log\n!.git/\n");
  write("sub/.gitignore", "*.tmp\n!debug.log\n");
  write("sub/.gantryignore", "!x.tmp\nonly-here\n");
  for (const path of [
    "a.log",
    "important.log",
    "sub/debug.log",
    "sub/b.log",
    ".env",
    "sub/.env",
    ".git/config",
  ])
    write(path);
  for (const path of ["dist/app.js", "sub/dist/x.js", "data/a.csv", "data/keep.csv", "notes.md"]) write(path);
  for (const path of ["sub/x.tmp", "sub/y.tmp", "y.tmp", "sub/only-here", "only-here", "kept.py"])
    write(path);
  expect(await paths()).toEqual([
    ".gantryignore",
    ".gitignore",
    "data/keep.csv",
    "dist/app.js",
    "important.log",
    "kept.py",
    "only-here",
    "sub/.gantryignore",
    "sub/.gitignore",
    "sub/debug.log",
    "sub/dist/x.js",
    "sub/x.tmp",
    "y.tmp",
  ]);
});

test("links to files and folders inside become what they lead to", async () => {
  write("real/a.txt", "a");
  write("real/deep/b.txt", "b");
  write(".gitignore", "*.secret\n");
  write("real/c.secret", "c");
  link("file", "real/a.txt");
  link("chain", "file");
  link("sub/folder", "../real");
  link("absolute", join(folder, "real/a.txt"));
  link("sub/ignored.secret", "/etc/passwd");
  expect(await snapshot()).toEqual({
    ".gitignore": "*.secret\n",
    "real/a.txt": "a",
    "real/deep/b.txt": "b",
    file: "a",
    chain: "a",
    absolute: "a",
    "sub/folder/a.txt": "a",
    "sub/folder/deep/b.txt": "b",
  });
});

test.each<[string, [string, string][], string]>([
  ["outside", [["passwd", "/etc/passwd"]], '"passwd": it is a link that leads out of the folder'],
  ["outside, relative", [["a/up", "../../../"]], '"a/up": it is a link that leads out'],
  ["a sibling with a longer name", [["x", "../folder-evil/x"]], '"x": it is a link that leads out'],
  ["nowhere", [["gone", "nothing"]], '"gone": it is a link to nothing'],
  ["itself", [["self", "self"]], '"self": it is a link to itself'],
  ["the folder it lies in", [["a/b/loop", ".."]], 'loop": it is a link to a folder that it lies in'],
  ["the root", [["root", "."]], '"root": it is a link to a folder that it lies in'],
  [
    "each other",
    [
      ["b/to-c", "../c"],
      ["c/to-b", "../b"],
    ],
    "it is a link to a folder that it lies in",
  ],
])("a link to %s is refused, by name, until it is ignored", async (_, links, message) => {
  mkdirSync(join(bed.home, "folder-evil"));
  writeFileSync(join(bed.home, "folder-evil/x"), "");
  for (const [path, target] of links) link(path, target);
  const refusal = { code: "invalid-path", message: expect.stringContaining(message) };
  await expect(snapshot()).rejects.toMatchObject({
    ...refusal,
    hint: expect.stringContaining(".gantryignore"),
  });
  write(".gantryignore", links.map(([path]) => `/${path}`).join("\n"));
  expect(await paths()).toEqual([".gantryignore"]);
});

test("linked folders that multiply end in an error", async () => {
  for (let level = 0; level < 12; level += 1) {
    mkdirSync(join(folder, `l${level}`));
    for (const name of ["a", "b", "c"]) if (level > 0) link(`l${level}/${name}`, `../l${level - 1}`);
  }
  await expect(snapshot()).rejects.toMatchObject({ message: expect.stringContaining("links to folders") });
});

test("FIFOs, sockets and devices are passed over, also where rules are expected", async () => {
  write("main.py");
  execFileSync("mkfifo", [join(folder, "fifo"), join(folder, ".gitignore"), join(folder, ".gantryignore")]);
  if (process.getuid?.() === 0) execFileSync("mknod", [join(folder, "null"), "c", "1", "3"]);
  const server = createServer().listen(join(folder, "socket"));
  link("to-fifo", "fifo");
  try {
    expect(await paths()).toEqual(["main.py"]);
  } finally {
    server.close();
  }
});

test("names that a tree can't have are refused, with advice", async () => {
  const advice = { code: "invalid-path", hint: expect.stringContaining(".gantryignore") };
  write("a\\b");
  await expect(snapshot()).rejects.toMatchObject({
    ...advice,
    message: expect.stringContaining("backslash"),
  });
  rmSync(join(folder, "a\\b"));
  write("line\nend");
  await expect(snapshot()).rejects.toMatchObject({
    ...advice,
    message: expect.stringContaining('"line\\u{a}end"'),
  });
  rmSync(join(folder, "line\nend"));
  write("Main.py");
  write("main.py");
  await expect(snapshot()).rejects.toMatchObject({
    ...advice,
    message: expect.stringContaining("only in case"),
  });
  rmSync(join(folder, "Main.py"));
  writeFileSync(Buffer.from(`${folder}/bad\xff`, "latin1"), "");
  await expect(snapshot()).rejects.toMatchObject({ ...advice, message: expect.stringContaining("UTF-8") });
  write(".gantryignore", "bad*");
  expect(await paths()).toEqual([".gantryignore", "main.py"]);
});

test("very many files, and too many bytes, end in an error that says what to do", async () => {
  for (let number = 0; number < 300; number += 1) write(`many/${number}`, "12345");
  const hint = expect.stringContaining(".gantryignore");
  const few = { code: "too-large", message: "The code is larger than 100 files", hint };
  await expect(snapshot({ maxBytes: 1e6, maxFiles: 100 })).rejects.toMatchObject(few);
  await expect(snapshot({ maxBytes: 1_024, maxFiles: 1e6 })).rejects.toMatchObject({
    code: "too-large",
    hint,
  });
});

test("files that grow, shrink and vanish meanwhile break nothing", async () => {
  for (let number = 0; number < 60; number += 1) write(`${number}`, "x".repeat(200_000));
  let over = false;
  const disturb = async () => {
    for (let number = 0; !over; number = (number + 7) % 60) {
      if (number % 3 === 0) appendFileSync(join(folder, `${number}`), "y".repeat(1_000));
      else if (number % 3 === 1) truncateSync(join(folder, `${number}`), 100);
      else rmSync(join(folder, `${number}`), { force: true });
      await new Promise((resolve) => setImmediate(resolve));
      if (number % 3 === 1) write(`${number}`, "z".repeat(150_000));
    }
  };
  const disturbing = disturb();
  try {
    expect(Object.keys(await snapshot()).length).toBeGreaterThan(30);
  } finally {
    over = true;
    await disturbing;
  }
});

test("folders of the caller's choice are left out, and what is no folder is refused", async () => {
  write("gantry-home/gantry.db");
  write("main.py");
  expect(Object.keys(await snapshot(LIMITS, [join(folder, "gantry-home")]))).toEqual(["main.py"]);
  const writer = bed.store.begin("app", LIMITS);
  for (const path of [join(folder, "main.py"), join(folder, "nothing"), "a\0b"])
    await expect(snapshotFolder(path, writer)).rejects.toMatchObject({ code: "invalid-path" });
});

test("a signal ends it, also in the middle of a file", async () => {
  write("sparse");
  truncateSync(join(folder, "sparse"), 2 ** 40);
  const writer = bed.store.begin("app", { maxBytes: 2 ** 50, maxFiles: 10 });
  const controller = new AbortController();
  const running = snapshotFolder(folder, writer, { signal: controller.signal });
  while (writer.bytes < 2 ** 20) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error("no longer wanted"));
  await expect(running).rejects.toThrow("no longer wanted");
  await writer.abort();
  expect(bed.names("incoming")).toEqual([]);
});
