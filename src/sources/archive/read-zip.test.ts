// ZIP files: what is right comes out as it went in; what is wrong or hostile is refused in words, and leaves nothing.
import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CodeBed, codeBed, filesIn, LIMITS } from "../../../test/helpers/code-bed.ts";
import { type ZipPart, zipOf } from "../../../test/helpers/zip-file.ts";
import { readZip } from "./read-zip.ts";

let bed: CodeBed;
let file: string;
beforeEach(() => {
  bed = codeBed();
  file = join(bed.home, "code.zip");
});
afterEach(() => {
  expect(bed.names("incoming")).toEqual([]);
  bed.end();
});

async function unpack(
  zip: Buffer | null,
  limits = LIMITS,
  signal?: AbortSignal,
): Promise<Record<string, string>> {
  if (zip !== null) writeFileSync(file, zip);
  const writer = bed.store.begin("app", limits);
  try {
    await readZip(file, writer, signal);
    return filesIn(await bed.store.checkOut("app", (await writer.seal()).hash));
  } finally {
    await writer.abort();
  }
}
const unpacked = (...parts: ZipPart[]) => unpack(zipOf(parts));

/** Made by Python's zipfile: `lines` use `z`, an open archive. */
function python(...lines: string[]): null {
  const program = [
    "import zipfile, sys",
    "z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)",
    ...lines,
  ];
  execFileSync("python3", ["-c", [...program, "z.close()"].join("\n"), file]);
  return null;
}

describe("what is right", () => {
  test("files, stored and deflated, empty and large, executable or not", async () => {
    const large = "0123456789".repeat(200_000);
    expect(
      await unpacked(
        { name: "main.py", content: "print(1)" },
        { name: "stored", content: "s", method: 0 },
        { name: "empty", content: "", method: 0 },
        { name: "run.sh", content: "#!", mode: 0o100755 },
        {
          name: "a/b/c/large",
          content: Buffer.from(large.replace("0", Buffer.from([255]).toString("latin1"))),
        },
        { name: "a/" },
        { name: "from-windows", content: "w", mode: 0, madeBy: 0 },
      ),
    ).toMatchObject({ "main.py": "print(1)", stored: "s", empty: "", "run.sh*": "#!", "from-windows": "w" });
  });

  test("as Python and Info-ZIP make them, with ZIP64", async () => {
    const lines = ["for i in range(40): z.writestr(f'pkg/m{i}.py', 'x' * i)", "z.writestr('main.py', '1')"];
    expect(Object.keys(await unpack(python(...lines)))).toHaveLength(41);
    const zip64 = python(
      "f = z.open('big', 'w', force_zip64=True)",
      "f.write(b'64')",
      "f.close()",
      "z.comment = b'hi'",
    );
    expect(await unpack(zip64)).toEqual({ big: "64" });
    const many = python(
      "for i in range(70000): z.writestr(f'node_modules/{i}', '')",
      "z.writestr('a.js', 'a')",
    );
    expect(await unpack(many, { maxBytes: 1e6, maxFiles: 20_000 })).toEqual({ "a.js": "a" });
  });

  test("a single folder around all is taken off, once", async () => {
    const a = { name: "app-main/src/a.py", content: "a" };
    expect(await unpacked(a, { name: "app-main/b.py" })).toEqual({ "src/a.py": "a", "b.py": "" });
    expect(await unpacked(a, { name: "__MACOSX/app-main/._a.py" }, { name: ".DS_Store" })).toEqual({
      "src/a.py": "a",
    });
    expect(await unpacked({ name: "./x/" }, { name: "./x/a.py", content: "a" })).toEqual({ "a.py": "a" });
    expect(await unpacked(a, { name: "b.py" })).toEqual({ "app-main/src/a.py": "a", "b.py": "" });
    expect(await unpacked({ name: "only.py" })).toEqual({ "only.py": "" });
  });

  test("a Python package keeps its folder, unless that is the project too", async () => {
    const package_ = [{ name: "app/__init__.py" }, { name: "app/main.py" }];
    expect(Object.keys(await unpacked(...package_))).toEqual(["app/__init__.py", "app/main.py"]);
    const project = await unpacked(...package_, { name: "app/requirements.txt" });
    expect(Object.keys(project).toSorted()).toEqual(["__init__.py", "main.py", "requirements.txt"]);
  });

  test("what tools make is left out, also links in it", async () => {
    expect(
      await unpacked(
        { name: "main.py" },
        { name: ".git/config" },
        { name: "web/node_modules/.bin/x", content: "../x", mode: 0o120777 },
        { name: "a/__pycache__/m.cpython-311.pyc" },
        { name: "a/.DS_Store" },
        { name: ".venv/bin/python", mode: 0o120777 },
        { name: "__MACOSX/._main.py" },
      ),
    ).toEqual({ "main.py": "" });
  });

  test("names in CP437, in UTF-8, and in UTF-8 that nobody declared", async () => {
    expect(
      Object.keys(
        await unpacked(
          { name: Buffer.from([0x81, 0x2e, 0x70, 0x79]), madeBy: 0 },
          { name: "日本.py" },
          { name: Buffer.from("größe.py"), madeBy: 19 },
        ),
      ).sort(),
    ).toEqual(["größe.py", "ü.py", "日本.py"]);
  });
});

describe("what is refused, by name", () => {
  const link = "is a link";
  const extra = (id: number, data: Buffer) =>
    Buffer.concat([Buffer.from(Uint16Array.of(id, data.length).buffer), data]);
  const asi = Buffer.alloc(14);
  asi.writeUInt16LE(0o120777, 4);
  test.each<[string, ZipPart, string]>([
    [
      "traversal",
      { name: "../../etc/cron.d/x" },
      '"../../etc/cron.d/x" is not allowed: it has ".." as a part',
    ],
    ["traversal inside", { name: "a/../../x" }, '".."'],
    ["a folder that leads out", { name: "../x/" }, '".."'],
    ["an absolute name", { name: "/etc/passwd" }, "it is absolute"],
    ["an absolute name of Windows", { name: "C:/x" }, "it is absolute"],
    ["a backslash", { name: "a\\..\\x" }, "backslash"],
    ["a NUL", { name: "a\0.py" }, '"a\\u{0}.py" is not allowed: it has control characters'],
    ["escape sequences", { name: "\u001b[2J\u202e" }, '"\\u{1b}[2J\\u{202e}"'],
    ["an empty part", { name: "a//b" }, "empty"],
    ["no name", { name: "" }, "empty"],
    ["a dot as a part", { name: "a/./b" }, '"."'],
    ["a very long part", { name: "x".repeat(300) }, "255 bytes"],
    ["a very long name", { name: "xyz/".repeat(2_000) }, "4096 bytes"],
    ["a symbolic link", { name: "l", content: "/etc/passwd", mode: 0o120777 }, `"l" ${link}`],
    ["a symbolic link that claims to be a folder", { name: "l/", content: "/etc", mode: 0o120777 }, link],
    ["a symbolic link of another system", { name: "l", mode: 0o120777, madeBy: 0 }, link],
    ["a link of Windows", { name: "l", mode: 0, dos: 0x400 }, link],
    ["a hard link", { name: "l", extra: extra(0x0d, Buffer.from("123456789012/etc/passwd")) }, link],
    ["an older symbolic link", { name: "l", extra: extra(0x756e, asi) }, link],
    ["a FIFO", { name: "f", mode: 0o010644 }, "neither a file nor a folder"],
    ["a device", { name: "sda", mode: 0o060644 }, "neither a file nor a folder"],
    ["a socket", { name: "s", mode: 0o140644 }, "neither a file nor a folder"],
    ["encryption", { name: "e", flags: 0x801 }, '"e" is encrypted'],
    ["strong encryption", { name: "e", flags: 0x841 }, "encrypted"],
    ["a strange method", { name: "m", method: 12 }, "method 12"],
    ["a wrong checksum", { name: "c", content: "abc", crc: 1 }, '"c" is damaged'],
    ["a size that is too small", { name: "s", content: "x".repeat(9_000), size: 10 }, '"s" is damaged'],
    ["a size that is too large", { name: "s", content: "x", size: 10 }, '"s" is damaged'],
    ["a wrong size of stored data", { name: "s", content: "x", method: 0, size: 10 }, "damaged"],
    ["data that ends nowhere", { name: "s", content: "x", packedSize: 2 ** 30 }, "overlaps"],
    ["data elsewhere", { name: "s", content: "x", offset: 5 }, "overlaps"],
    ["no entry where one should be", { name: "s", content: "xyz", method: 0, offset: 32 }, '"s" is damaged'],
    ["data behind the end", { name: "s", content: "x", offset: 2 ** 31 }, "overlaps"],
    ["broken extra data", { name: "s", extra: Buffer.from([1, 0, 255, 255]) }, "damaged"],
  ])("%s", async (_, part, reason) => {
    const zip = zipOf([{ name: "main.py", content: "1", method: 0 }, part, { name: "z.py", content: "2" }]);
    await expect(unpack(zip)).rejects.toMatchObject({
      code: "invalid-archive",
      message: expect.stringContaining(reason),
      details: { field: "file" },
    });
    expect(bed.names("trees")).toEqual([]);
  });

  test.each([
    [["a", "a"], '"a" can\'t be taken: it is there twice'],
    [["A.py", "a.py"], "only in case"],
    [["é", "e\u0301"], "only in case or in how"],
    [["a", "a/b"], '"a" is a file, not a folder'],
    [["x/a/b", "x/a"], "it is a folder too"],
    [["top/a", "./top/a"], "twice"],
  ])("%j", async (names, reason) => {
    const zip = unpacked(...names.map((name) => ({ name })));
    await expect(zip).rejects.toMatchObject({
      code: "invalid-archive",
      message: expect.stringContaining(reason),
    });
  });

  test("every message is one short harmless line", async () => {
    const names = [
      "\u001b]0;x\u0007",
      `${"\n".repeat(200)}`,
      `../${"\u202e".repeat(3_000)}`,
      "a\\".repeat(500),
    ];
    for (const name of names) {
      const error: Error = (await unpacked({ name }).catch((reason: unknown) => reason as Error)) as Error;
      expect(error.message).toMatch(/^[\x20-\x7e…]{20,900}$/u);
    }
  });
});

describe("what is no archive", () => {
  const right = zipOf([
    { name: "main.py", content: "print(1)\n".repeat(50) },
    { name: "b", content: "b" },
  ]);
  test.each<[string, Buffer, string]>([
    ["text", Buffer.from("print('hello')\n".repeat(100)), "it is no ZIP file"],
    ["nothing", Buffer.alloc(0), "it is no ZIP file"],
    ["a few bytes", Buffer.from("PK"), "it is no ZIP file"],
    ["a cut one", right.subarray(0, right.length - 40), "it is cut off"],
    ["one that lacks a byte", right.subarray(0, right.length - 1), "it is cut off"],
    ["one with a tail", Buffer.concat([right, Buffer.from("x")]), "something was added"],
    ["an empty one", zipOf([]), "it holds no files"],
    ["folders alone", zipOf([{ name: "a/" }, { name: "a/b/" }, { name: ".git/x" }]), "it holds no files"],
    [
      "one that counts too few",
      zipOf([{ name: "a" }, { name: "b" }], { count: 1 }),
      "more entries than it says",
    ],
    ["one that counts too many", zipOf([{ name: "a" }], { count: 9 }), "it is damaged"],
    ["a gzip file", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]), "it is no ZIP file"],
  ])("%s", async (_, bytes, reason) => {
    await expect(unpack(bytes)).rejects.toMatchObject({
      code: "invalid-archive",
      message: expect.stringContaining(reason),
    });
  });

  test("any archive cut or changed anywhere is taken whole or refused, never otherwise", async () => {
    const whole = await unpack(right);
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(right);
      const at = Math.floor((round * right.length) / 300);
      if (round % 3 === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << (round % 8));
      const zip =
        round % 3 === 0 ? bytes : bytes.subarray(round % 3 === 1 ? 0 : at, round % 3 === 1 ? at : undefined);
      const result = await unpack(zip).catch((error: unknown) => error);
      if (result instanceof Error)
        expect(result).toMatchObject({ code: expect.stringMatching(/^(invalid-archive|too-large)$/) });
      else expect(Object.values(result as object).sort()).toEqual(Object.values(whole).sort());
    }
  });
});

describe("bombs", () => {
  test("a size that is believed nowhere: zeros behind a small number", async () => {
    const packed = deflateRawSync(Buffer.alloc(300 * 2 ** 20));
    const bomb = zipOf([{ name: "zeros", content: packed, method: 0, packedSize: packed.length }]);
    // What is stored becomes what is deflated.
    const listed = bomb.indexOf(Buffer.from("PK\x01\x02"));
    bomb.writeUInt16LE(8, 8);
    bomb.writeUInt16LE(8, listed + 10);
    for (const [size, reason] of [
      [10, '"zeros" is damaged'],
      [300 * 2 ** 20, "200 times its size"],
    ] as const) {
      bomb.writeUInt32LE(size, listed + 24);
      await expect(unpack(bomb, { maxBytes: 2 ** 40, maxFiles: 9 })).rejects.toMatchObject({
        code: "invalid-archive",
        message: expect.stringContaining(reason),
      });
    }
    await expect(unpack(bomb)).rejects.toMatchObject({
      code: "too-large",
      message: "The unpacked archive is larger than 64 MiB",
    });
  });

  test("entries that share their data", async () => {
    const content = "x".repeat(1_000);
    const same = [0, 1, 2].map((number) => ({ name: `${number}`, content, offset: 0 }));
    await expect(unpacked(...same)).rejects.toMatchObject({ message: expect.stringContaining("overlaps") });
    // As in Fifield's: each stretches over the header of the next one.
    const inner = zipOf([{ name: "inner", content }]);
    const outer: ZipPart[] = [{ name: "outer", content: inner, method: 0 }];
    outer.push({ name: "inner", content, offset: 30 + "outer".length });
    await expect(unpacked(...outer)).rejects.toMatchObject({ message: expect.stringContaining("overlaps") });
  });

  test("100,000 entries are refused by their number, before anything is unpacked", async () => {
    python("for i in range(100000): z.writestr(str(i), '')");
    const refused = { code: "too-large", message: "The archive is larger than 50000 files" };
    await expect(unpack(null, { maxBytes: 1e9, maxFiles: 50_000 })).rejects.toMatchObject(refused);
    expect(readdirSync(join(bed.home)).sort()).toEqual(["code.zip"]);
    const few = { code: "too-large", message: "The archive is larger than 10 files" };
    await expect(unpack(null, { maxBytes: 1e9, maxFiles: 10 })).rejects.toMatchObject(few);
  });

  test("an archive in an archive is a file like others", async () => {
    const inner = zipOf([{ name: "../x" }]);
    expect(Object.keys(await unpacked({ name: "inner.zip", content: inner }))).toEqual(["inner.zip"]);
  });
});

test("a signal ends it in the middle of an entry, at once and with its reason", async () => {
  writeFileSync(file, zipOf([{ name: "large", content: Buffer.alloc(60 * 2 ** 20, "abcdefg") }]));
  const writer = bed.store.begin("app", LIMITS);
  const controller = new AbortController();
  const running = readZip(file, writer, controller.signal);
  while (writer.bytes === 0) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error("no longer wanted"));
  await expect(running).rejects.toThrow("no longer wanted");
  expect(writer.bytes).toBeLessThan(60 * 2 ** 20);
  await writer.abort();
  await expect(unpack(null, LIMITS, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
});
