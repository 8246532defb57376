// Code is kept as it came: whole, once, unchangeable, and believed only when its hash is right.
import { once } from "node:events";
import { createReadStream, existsSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type CodeBed, codeBed, filesIn, LIMITS } from "../../../test/helpers/code-bed.ts";

let bed: CodeBed;
beforeEach(() => {
  bed = codeBed();
});
afterEach(() => bed.end());

const APP = {
  "main.py": "print(1)\n",
  "run.sh*": "#!/bin/sh\n",
  "lib/a/b.txt": "",
  "lib/c.txt": "print(1)\n",
};

test("a tree comes out as it went in, by hash, by path and as a folder", async () => {
  const tree = await bed.keep(APP);
  expect(tree.bytes).toBe(28);
  expect(tree.files.map(({ path, executable }) => [path, executable])).toEqual([
    ["lib/a/b.txt", false],
    ["lib/c.txt", false],
    ["main.py", false],
    ["run.sh", true],
  ]);
  expect(await bed.store.tree("app", tree.hash)).toEqual(tree);
  expect(String(await bed.store.read("app", tree.hash, "run.sh"))).toBe("#!/bin/sh\n");
  const folder = await bed.store.checkOut("app", tree.hash);
  expect(filesIn(folder)).toEqual(APP);
  expect(folder.startsWith(join(bed.root(), "work"))).toBe(true);
  expect(bed.names("incoming")).toEqual([]);
});

test("the same code twice is the same tree, whatever the order; each difference makes another", async () => {
  const { hash } = await bed.keep(APP);
  expect((await bed.keep(Object.fromEntries(Object.entries(APP).reverse()))).hash).toBe(hash);
  const others = await Promise.all([
    bed.keep({ ...APP, "main.py": "print(2)\n" }),
    bed.keep({ ...APP, "new.py": "" }),
    bed.keep({
      "main.py": "print(1)\n",
      "run.sh": "#!/bin/sh\n",
      "lib/a/b.txt": "",
      "lib/c.txt": "print(1)\n",
    }),
    bed.keep({}),
  ]);
  expect(new Set([hash, ...others.map((each) => each.hash)]).size).toBe(5);
});

test("a content is written once, and not again with a later tree", async () => {
  await bed.keep(APP);
  expect(bed.objects()).toHaveLength(3);
  const before = statSync(bed.objectFile("print(1)\n"));
  await bed.keep({ "other.py": "print(1)\n" });
  const after = statSync(bed.objectFile("print(1)\n"));
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

test("files are the owner's alone, and no hard links of what is kept", async () => {
  const umask = process.umask(0);
  try {
    const tree = await bed.keep(APP);
    const folder = await bed.store.checkOut("app", tree.hash);
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(bed.objectFile("print(1)\n"))).toBe(0o600);
    expect([mode(join(folder, "main.py")), mode(join(folder, "run.sh"))]).toEqual([0o600, 0o700]);
    expect([mode(folder), mode(join(folder, "lib/a")), mode(bed.root())]).toEqual([0o700, 0o700, 0o700]);
    expect(statSync(bed.objectFile("print(1)\n")).nlink).toBe(1);
  } finally {
    process.umask(umask);
  }
});

test("an app that writes into its working copy changes nothing that is kept, and keeps its files", async () => {
  const tree = await bed.keep(APP);
  const folder = await bed.store.checkOut("app", tree.hash);
  writeFileSync(join(folder, "main.py"), "changed");
  writeFileSync(join(folder, "data.db"), "new");
  expect(await bed.store.checkOut("app", tree.hash)).toBe(folder);
  expect(filesIn(folder)).toMatchObject({ "main.py": "changed", "data.db": "new" });
  expect(String(await bed.store.read("app", tree.hash, "main.py"))).toBe("print(1)\n");
});

test("many that take out the same tree get one folder", async () => {
  const tree = await bed.keep(APP);
  const folders = await Promise.all(Array.from({ length: 8 }, () => bed.store.checkOut("app", tree.hash)));
  expect(new Set(folders).size).toBe(1);
  expect(filesIn(folders[0]!)).toEqual(APP);
  expect([bed.names("work").length, bed.names("incoming")]).toEqual([1, []]);
});

test("what is not kept is said to be so", async () => {
  const { hash } = await bed.keep(APP);
  const none = "0".repeat(64);
  for (const odd of [none, "", "../../x", `${hash}\n`, hash.slice(1), hash.toUpperCase()]) {
    await expect(bed.store.tree("app", odd)).rejects.toMatchObject({ code: "code-missing" });
    await expect(bed.store.checkOut("app", odd)).rejects.toMatchObject({ code: "code-missing" });
    await expect(bed.store.read("app", odd, "main.py")).rejects.toMatchObject({ code: "code-missing" });
  }
  for (const odd of ["nope", "lib", "../x", "__proto__", "main.py/"])
    await expect(bed.store.read("app", hash, odd)).rejects.toMatchObject({ code: "code-missing" });
  await expect(bed.store.tree("other", hash)).rejects.toMatchObject({ code: "code-missing" });
});

test("many files are kept also where no program brings them to disk together", async () => {
  vi.stubEnv("PATH", "/nowhere");
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, String(index)]));
  try {
    const { hash } = await bed.keep(many);
    expect(filesIn(await bed.store.checkOut("app", hash))).toEqual(many);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("an aborted checking out leaves nothing", async () => {
  const { hash } = await bed.keep(APP);
  await expect(bed.store.checkOut("app", hash, AbortSignal.abort())).rejects.toThrow(/abort/i);
  const controller = new AbortController();
  const running = bed.store.checkOut("app", hash, controller.signal);
  controller.abort();
  await expect(running).rejects.toThrow(/abort/i);
  expect([bed.names("work"), bed.names("incoming")]).toEqual([[], []]);
});

describe("damage", () => {
  const text = "print(1)\n";
  const damages: [string, (path: string) => void][] = [
    ["truncated", (path) => truncateSync(path, 3)],
    ["changed", (path) => writeFileSync(path, "print(2)\n")],
    ["longer", (path) => writeFileSync(path, `${text}#`)],
    ["gone", (path) => rmSync(path)],
  ];
  test.each(damages)("%s: not run, not shown, not copied; the same code heals it", async (_, damage) => {
    const { hash } = await bed.keep(APP);
    damage(bed.objectFile(text));
    const missing = {
      code: "code-missing",
      message: expect.stringMatching(/"(main.py|lib\/c.txt)" is not kept/),
    };
    await expect(bed.store.copy("app", "other", hash)).rejects.toMatchObject(missing);
    expect([bed.names("trees", "other"), bed.names("incoming", "other")]).toEqual([[], []]);
    await expect(bed.store.checkOut("app", hash)).rejects.toMatchObject(missing);
    await expect(bed.store.read("app", hash, "main.py")).rejects.toMatchObject(missing);
    expect([bed.names("work"), bed.names("incoming")]).toEqual([[], []]);
    await bed.keep(APP);
    expect(filesIn(await bed.store.checkOut("app", hash))).toEqual(APP);
  });

  test.each(["", "[", "{}", "[[]]", '[["a",1,"x",true]]', "null"])("of a list: %j", async (content) => {
    const { hash } = await bed.keep(APP);
    writeFileSync(join(bed.root(), "trees", `${hash}.json`), content);
    await expect(bed.store.tree("app", hash)).rejects.toMatchObject({ code: "code-missing" });
    await bed.keep(APP);
    expect((await bed.store.tree("app", hash)).files).toHaveLength(4);
  });
});

describe("a tree that is filled", () => {
  const nothingLeft = () => {
    expect([bed.names("incoming"), bed.names("trees"), bed.objects()]).toEqual([[], [], []]);
  };

  test("takes streams of any size, side by side", async () => {
    const large = Buffer.alloc(3_000_000, "0123456789");
    const writer = bed.store.begin("app", LIMITS);
    await Promise.all([
      writer.add("large", Readable.from([large.subarray(0, 100), large.subarray(100)])),
      writer.add("again", Readable.from([large])),
      writer.add("small", Readable.from(["a", "é"])),
      writer.add("empty", Readable.from([])),
      writer.add("bytes", new Uint8Array([1, 2])),
      ...Array.from({ length: 50 }, (_, index) => writer.add(`same/${index}`, "same")),
    ]);
    expect([writer.files, writer.bytes]).toEqual([55, 6_000_205]);
    const tree = await writer.seal();
    expect(bed.objects()).toHaveLength(5);
    expect((await bed.store.read("app", tree.hash, "large")).equals(large)).toBe(true);
    expect(String(await bed.store.read("app", tree.hash, "small"))).toBe("aé");
    await expect(writer.add("x", "")).rejects.toThrow("sealed");
    await writer.abort();
    expect(filesIn(await bed.store.checkOut("app", tree.hash))["same/7"]).toBe("same");
  });

  test.each(["../x", "/x", "a\\b", "a\0", "A/../x", "Main.py", "main.py/x"])(
    "refuses the path %j",
    async (path) => {
      const writer = bed.store.begin("app", LIMITS);
      await writer.add("main.py", "");
      const content = Readable.from(["x"]);
      await expect(writer.add(path, content)).rejects.toMatchObject({ code: "invalid-path" });
      expect(content.destroyed).toBe(true);
      await expect(writer.add("fine", "")).rejects.toMatchObject({ code: "invalid-path" });
      await expect(writer.seal()).rejects.toMatchObject({ code: "invalid-path" });
      nothingLeft();
    },
  );

  test("keeps its limits while content comes", async () => {
    const writer = bed.store.begin("app", { maxBytes: 2 ** 20, maxFiles: 9 });
    let given = 0;
    const endless = new Readable({
      read() {
        given += 65_536;
        this.push(Buffer.alloc(65_536));
      },
    });
    await writer.add("first", Buffer.alloc(2 ** 19));
    await expect(writer.add("endless", endless)).rejects.toMatchObject({
      code: "too-large",
      message: "The code is larger than 1 MiB",
    });
    expect(given).toBeLessThan(2 ** 20);
    expect(endless.destroyed).toBe(true);
    nothingLeft();

    const many = bed.store.begin("app", { maxBytes: 2 ** 20, maxFiles: 2 });
    await many.add("a", "");
    await many.add("b", "");
    await expect(many.add("c", "")).rejects.toMatchObject({ message: "The code is larger than 2 files" });
  });

  test("leaves no folder of an app that never came to be, and all of one that did", async () => {
    const giveUp = async () => {
      const writer = bed.store.begin("app", LIMITS);
      await writer.add("main.py", Buffer.alloc(200_000));
      await writer.abort();
    };
    await giveUp();
    expect(existsSync(join(bed.home, "apps/app"))).toBe(false);
    await bed.keep(APP);
    await giveUp();
    expect(bed.objects()).toHaveLength(3);
  });

  test("leaves nothing when a stream breaks, or when it is given up in the middle of one", async () => {
    const writer = bed.store.begin("app", LIMITS);
    const waiting = new Readable({ read() {} });
    waiting.push(Buffer.alloc(200_000));
    const first = writer.add("waiting", waiting);
    const broken = Readable.from(
      (function* () {
        yield Buffer.alloc(100_000);
        throw new Error("connection lost");
      })(),
    );
    await expect(writer.add("broken", broken)).rejects.toThrow("connection lost");
    await expect(first).rejects.toThrow("connection lost");
    await expect(writer.seal()).rejects.toThrow("connection lost");
    nothingLeft();

    const other = bed.store.begin("app", LIMITS);
    const stalled = new Readable({ read() {} });
    stalled.push(Buffer.alloc(200_000));
    const adding = expect(other.add("stalled", stalled)).rejects.toThrow("given up");
    await new Promise((resolve) => setImmediate(resolve));
    await other.abort();
    await adding;
    if (!stalled.closed) await once(stalled, "close");
    nothingLeft();
  });

  test("takes up files of an earlier tree without reading them", async () => {
    const old = await bed.keep(APP);
    const writer = bed.store.begin("app", LIMITS);
    for (const file of old.files) if (file.path !== "main.py") await writer.include(file);
    await writer.add("main.py", "new");
    const tree = await writer.seal();
    expect(filesIn(await bed.store.checkOut("app", tree.hash))).toEqual({ ...APP, "main.py": "new" });

    const stranger = bed.store.begin("other", LIMITS);
    await expect(stranger.include(old.files[0]!)).rejects.toMatchObject({ code: "code-missing" });
    const twice = bed.store.begin("app", LIMITS);
    await twice.include(old.files[0]!);
    await expect(twice.include(old.files[0]!)).rejects.toMatchObject({ code: "invalid-path" });
  });
});

test("a tree is copied to another app, for itself", async () => {
  const { hash } = await bed.keep(APP);
  await bed.store.copy("app", "other", hash);
  bed.store.begin("x", LIMITS);
  rmSync(bed.root(), { recursive: true });
  expect(filesIn(await bed.store.checkOut("other", hash))).toEqual(APP);
  await expect(bed.store.copy("app", "third", hash)).rejects.toMatchObject({ code: "code-missing" });
  expect(existsSync(bed.root("third"))).toBe(false);
});

test("a file that vanishes before it is read fails the tree", async () => {
  const writer = bed.store.begin("app", LIMITS);
  await expect(writer.add("gone", createReadStream(join(bed.home, "gone")))).rejects.toThrow("ENOENT");
  expect(bed.names("incoming")).toEqual([]);
});
