import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toolchainBench } from "../../test/contracts/toolchain.ts";
import { readAllowList } from "./allow-list.ts";
import { createNode } from "./node/index.ts";
import { createPython } from "./python/index.ts";

const bench = toolchainBench();
const NO_HINTS = { run: null, entry: null };
let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gantry-allow-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function listOf(...lines: string[]): { listFile: string; sourceBuilds: boolean } {
  const listFile = join(root, `list-${++count}.txt`);
  writeFileSync(listFile, lines.join("\n"));
  return { listFile, sourceBuilds: false };
}

describe("the list", () => {
  test("knows names in every form, patterns, versions and comments", async () => {
    const list = await readAllowList(
      listOf(
        "# ours",
        "",
        "Flask_Login  # for the shop",
        "pydantic[email] >=2,<3",
        "google-*",
        "npm:@types/*",
        "npm:express@^5",
      ),
    );
    for (const name of ["flask-login", "FLASK.login", "pydantic", "google-cloud-storage"])
      expect([name, list?.allowsPython(name)]).toEqual([name, true]);
    for (const name of ["flask", "flask-login-x", "express", "xgoogle-a"])
      expect([name, list?.allowsPython(name)]).toEqual([name, false]);
    expect(list?.constraints).toEqual(["pydantic>=2,<3"]);
    expect(list?.whyNotNpm("@types/node", "24.0.0")).toBeNull();
    expect(list?.whyNotNpm("express", "5.1.0")).toBeNull();
    expect(list?.whyNotNpm("express", "4.1.0")).toContain("^5, not 4.1.0");
    expect(list?.whyNotNpm("left-pad", "1.0.0")).toContain("not in the list");
  });

  test("with a mistake allows nothing", async () => {
    for (const line of [
      "-r other.txt",
      "a @ https://x.test/a.whl",
      "a>=>2",
      "a*>2",
      "npm:a@nonsense!",
      "a b",
    ])
      await expect(readAllowList(listOf("fine", line))).rejects.toThrow(/list-\d+\.txt:2: /);
    await expect(readAllowList({ listFile: join(root, "none"), sourceBuilds: true })).rejects.toThrow(
      "can't be read",
    );
    expect(await readAllowList({ listFile: null, sourceBuilds: true })).toBeNull();
  });
});

/** What a build says of a script with these files; null where it is built. */
async function refusal(
  toolchain: ReturnType<typeof createPython>,
  files: Record<string, string>,
): Promise<string | null> {
  const dir = bench.copy("plain-script");
  rmSync(join(dir, "requirements.txt"), { force: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(dir, path), text);
  const detection = await toolchain.detect(dir, NO_HINTS);
  const order = bench.order(dir, detection!, { envsDir: join(root, "envs"), toolsDir: join(root, "tools") });
  try {
    await toolchain.build(order);
    return null;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await toolchain.close?.();
  }
}

const NOT_LISTED = "it is not in the list of allowed packages";

describe.each([
  ["uv", true],
  ["pip", false],
])("Python with %s", (_name, uv) => {
  const build = (allowed: string[], files: Record<string, string>) =>
    refusal(createPython({ uv, policy: listOf(...allowed) }), files);

  test("installs what is listed with all that it needs, and names what is not", async () => {
    const requirements = {
      "requirements.txt": "# web\nasgiref>=3 ; python_version > '3'\nhttpcore[asyncio]\n",
    };
    const all = ["asgiref", "httpcore", "h11", "certifi", "anyio", "idna", "sniffio", "typing-extensions"];
    expect(await build(all, requirements)).toBeNull();
    expect(await build(all.slice(1), requirements)).toBe(
      `requirements.txt:2: asgiref>=3 ; python_version > '3' may not be installed: ${NOT_LISTED}`,
    );
    expect(
      await build(
        all.filter((name) => name !== "h11"),
        requirements,
      ),
    ).toMatch(/^h11 [\d.]+ may not be installed: httpcore needs it, and it is not in the list/);
  });

  test("takes only versions that are listed", async () => {
    expect(await build(["six<1.16"], { "requirements.txt": "six\n" })).toBeNull();
    expect(await build(["six<1.16"], { "requirements.txt": "six==1.16.0\n" })).toMatch(
      /^six may not be installed: the list of allowed packages has six<1\.16/,
    );
  });

  test("installs hashed requirements as they are, and holds what they need against the list, too", async () => {
    const hash = "sha256:8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254";
    expect(await build(["six"], { "requirements.txt": `six==1.16.0 --hash=${hash}\n` })).toBeNull();
    const other = hash.replace("8abb", "0000");
    expect(await build(["six"], { "requirements.txt": `six==1.16.0 --hash=${other}\n` })).not.toBeNull();
  });

  test("builds nothing from its source where that is off", async () => {
    expect(await build(["docopt"], { "requirements.txt": "docopt==0.6.2\n" })).toMatch(/docopt/);
    const open = createPython({ uv, policy: { listFile: null, sourceBuilds: false } });
    expect(await refusal(open, { "requirements.txt": "docopt==0.6.2\n" })).toMatch(/docopt/);
  });
});

describe("Python", () => {
  const build = (files: Record<string, string>, allowed = ["six", "*"]) =>
    refusal(createPython({ uv: true, policy: listOf(...allowed) }), files);

  test.each([
    "-r more.txt",
    "-c more.txt",
    "-e .",
    "--index-url https://x.test",
    "--extra-index-url=https://x.test",
    "--find-links /tmp",
    "--pre",
    "six @ https://x.test/six.whl",
    "six@file:///tmp/six.whl",
    "https://x.test/six.whl",
    "git+https://x.test/six.git",
    "git+ssh://x.test/six.git#egg=six",
    "./six",
    ".",
    "/tmp/six",
    "six.whl",
    "C:\\six",
    "file:six",
    ["$", "{SIX}"].join(""),
    "six --global-option=x",
    "six==1.0 \\\n  --config-settings=x",
    "six ; python_version > '3' --no-binary=x",
  ])("refuses %j", async (line) => {
    const message = await build({ "requirements.txt": `six\n${line}\n`, "more.txt": "six\n" });
    expect(message).toMatch(/^requirements\.txt:2: .* may not be installed: /);
  });

  test("looks into every place that names requirements", async () => {
    const project = '[project]\nname = "a"\nversion = "1"\n';
    const lock = '[[package]]\nname = "evil"\nversion = "1.0"\n[package.dependencies]\n';
    const places: [Record<string, string>, string][] = [
      [{ "pyproject.toml": `${project}dependencies = ["six", "evil>1"]\n` }, "pyproject.toml: evil>1"],
      [
        { "pyproject.toml": `${project}dependencies = ["six @ https://x.test/six.whl"]\n` },
        "pyproject.toml: six @",
      ],
      [{ "pyproject.toml": '[tool.poetry.dependencies]\nevil = "^1"\n' }, "pyproject.toml: evil"],
      [
        { "pyproject.toml": '[tool.poetry.dependencies]\nsix = { git = "https://x.test/s.git" }\n' },
        "pyproject.toml: six @",
      ],
      [{ Pipfile: '[packages]\nevil = "*"\n' }, "Pipfile: evil"],
      [{ "Pipfile.lock": '{"default": {"evil": {"version": "==1.0"}}}' }, "Pipfile.lock: evil==1.0"],
      [
        { "pyproject.toml": '[tool.poetry.dependencies]\nevil = "^1"\n', "poetry.lock": lock },
        "poetry.lock: evil==1.0",
      ],
      [{ "setup.cfg": "[options]\ninstall_requires =\n  evil\n" }, "setup.py: evil"],
      [{ "setup.py": "from setuptools import setup\nsetup(install_requires=read())\n" }, "setup.py: ."],
      [{ "main.py": "import evil\n\nprint(1)\n" }, "imports: evil"],
      [
        { "main.py": '# /// script\n# dependencies = ["evil"]\n# ///\nprint(1)\n' },
        "main.py (inline metadata): evil",
      ],
    ];
    for (const [files, start] of places) {
      const message = await build(files, ["six"]);
      expect([files, message?.startsWith(start)]).toEqual([files, true]);
    }
  });

  test("knows what a uv.lock leads to", async () => {
    const registry = 'source = { registry = "https://index.test/simple" }';
    const lock = [
      'version = 1\nrequires-python = ">=3.8"\n',
      `[[package]]\nname = "a"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "six" }]\n`,
      `[package.metadata]\nrequires-dist = [{ name = "six" }]\n`,
      `[[package]]\nname = "six"\nversion = "1.16.0"\n${registry}\ndependencies = [{ name = "evil" }]\n`,
      `[[package]]\nname = "evil"\nversion = "1.0"\n${registry}\n`,
    ].join("\n");
    const project =
      '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.8"\ndependencies = ["six"]\n';
    expect(await build({ "pyproject.toml": project, "uv.lock": lock }, ["six"])).toBe(
      `uv.lock: evil==1.0 may not be installed: ${NOT_LISTED}`,
    );
    const git = lock.replace(
      registry,
      'source = { git = "https://x.test/six.git#0000000000000000000000000000000000000000" }',
    );
    expect(await build({ "pyproject.toml": project, "uv.lock": git }, ["six", "evil"])).toMatch(
      /^uv\.lock: six @ git\+https.*no addresses/,
    );
  });

  test("tells of it before anything is built, at its line", async () => {
    const dir = bench.copy("plain-script");
    writeFileSync(join(dir, "requirements.txt"), "six\nevil\n");
    const python = createPython({ uv: true, policy: listOf("six") });
    const detection = await python.detect(dir, NO_HINTS);
    const found = await python.check?.({ dir, detection, hints: NO_HINTS, envsDir: join(root, "envs") });
    await python.close?.();
    expect(found).toMatchObject([
      {
        file: "requirements.txt",
        line: 2,
        severity: "error",
        code: "requirement",
        message: `evil may not be installed: ${NOT_LISTED}`,
      },
    ]);
  });
});

describe("Node", () => {
  /** npm's built-in one, as lock files name it. */
  const REGISTRY = execFileSync(
    "npm",
    ["config", "get", "registry", "--userconfig", "/nowhere/user", "--globalconfig", "/nowhere/global"],
    { cwd: "/", env: { PATH: process.env.PATH ?? "" }, encoding: "utf8" },
  )
    .trim()
    .replace(/\/$/, "");
  const ENTRY = { "main.py": "", "server.js": "console.log(1);\n" };
  const project = (dependencies: object) =>
    JSON.stringify({ name: "a", version: "1.0.0", scripts: { start: "node server.js" }, dependencies });
  const lockOf = (packages: object) =>
    JSON.stringify({ name: "a", version: "1.0.0", lockfileVersion: 3, packages: { "": {}, ...packages } });
  const at = (name: string, version: string) => ({
    version,
    resolved: `${REGISTRY}/${name}/-/${name}-${version}.tgz`,
  });
  const build = (files: Record<string, string>, allowed = ["npm:ms@^2", "npm:debug"]) =>
    refusal(createNode(listOf(...allowed)), { ...ENTRY, ...files });

  test("without packages needs no list", async () => {
    expect(await build({ "package.json": project({}) })).toBeNull();
  });

  test("installs what a lock file names and the list has, and nothing else", async () => {
    const debug = { ...at("debug", "4.4.1"), dependencies: { ms: "^2.1.3" } };
    const lock = lockOf({
      "": { dependencies: { debug: "4.4.1" } },
      "node_modules/debug": debug,
      "node_modules/ms": at("ms", "2.1.3"),
    });
    const files = { "package.json": project({ debug: "4.4.1" }), "package-lock.json": lock };
    expect(await build(files)).toBeNull();
    expect(await build(files, ["npm:debug"])).toBe(
      `package-lock.json: ms@2.1.3 may not be installed: debug needs it, and ${NOT_LISTED}`,
    );
    expect(await build(files, ["npm:debug", "npm:ms@^1"])).toMatch(/ms@2\.1\.3 .* has \^1/);
    expect(await build({ "package.json": files["package.json"] })).toMatch(
      /package-lock\.json .*must name all/,
    );
    expect(await build({ ...files, ".npmrc": "registry=https://x.test" })).toMatch(/^\.npmrc may not/);
    const elsewhere = lock.replace(`${REGISTRY}/ms/`, "https://x.test/ms/");
    expect(await build({ ...files, "package-lock.json": elsewhere })).toMatch(
      /^package-lock\.json: ms@2\.1\.3 .*registry/,
    );
    expect(await build({ ...files, "package.json": project({ debug: "git+https://x.test/a.git" }) })).toMatch(
      /^package\.json: debug /,
    );
  });
});
