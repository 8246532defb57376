// A process that became `python -m uvicorn …` while it waited is the one that was started so.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { Launch } from "../../domain/release.ts";
import { preparePython } from "./warm-start.ts";

/** Stands for uvicorn: tells who it is, then does what its first argument says. */
const SERVER = `
import json, os, signal, sys, threading

def facts():
    main = sys.modules["__main__"]
    return {
        "argv": sys.argv, "orig": getattr(sys, "orig_argv", None), "path": sys.path, "cwd": os.getcwd(),
        "flags": repr(sys.flags), "warn": sys.warnoptions, "x": sys._xoptions, "meta": [repr(type(one)) for one in sys.meta_path],
        "main": sorted(vars(main)), "file": main.__file__, "spec": main.__spec__.name, "package": main.__package__,
        "env": dict(os.environ), "umask": os.umask(0o22), "threads": threading.active_count(),
        "handlers": [repr(signal.getsignal(n)) for n in (1, 2, 13, 14, 15)], "alarm": signal.alarm(0),
        "site": [name in sys.modules for name in ("sitecustomize", "usercustomize")],
        "hook": sys.excepthook is sys.__excepthook__, "encoding": [sys.stdout.encoding, sys.getfilesystemencoding()],
        "streams": [os.fstat(n).st_ino for n in (0, 1, 2)], "fds": sorted(os.listdir("/proc/self/fd"))[:3],
        "parent": os.getppid() > 0, "depth": len(list(frames())), "executable": sys.executable, "prefix": sys.prefix,
    }

def frames():
    frame = sys._getframe()
    while frame:
        yield frame.f_code.co_filename
        frame = frame.f_back

def main():
    import fastapi
    print(json.dumps({**facts(), "framework": fastapi.__file__, "pid": os.getpid()}), flush=True)
    if sys.argv[1] == "crash": import not_there
    if sys.argv[1] == "exit": sys.exit(7)
    signal.pause()
`;

let root: string;
let python: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gantry-warm-"));
  execFileSync("python3", ["-m", "venv", "--without-pip", join(root, "envs/one")]);
  python = join(root, "envs/one/bin/python");
  const [lib = ""] = readdirSync(join(root, "envs/one/lib"));
  const packages = join(root, "envs/one/lib", lib, "site-packages");
  for (const [name, text] of [
    ["uvicorn/__init__.py", SERVER],
    ["uvicorn/__main__.py", "import uvicorn\nif __name__ == '__main__':\n    uvicorn.main()\n"],
    ["uvicorn/loops/__init__.py", ""],
    ["fastapi/__init__.py", "import os\nEARLY = os.getcwd()\n"],
  ] as const) {
    mkdirSync(join(packages, name, ".."), { recursive: true });
    writeFileSync(join(packages, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let app: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  app = mkdtempSync(join(root, "app-"));
  writeFileSync(join(app, "main.py"), "");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const launch = (...words: string[]): Launch =>
  ({ argv: [python, "-m", "uvicorn", ...words], framework: "fastapi", env: {} }) as unknown as Launch;
const prepare = (variables: string[] = [], ...words: string[]) =>
  preparePython({
    launch: launch(...words),
    variables,
    envsDir: join(root, "envs"),
    toolsDir: join(root, "tools"),
  });

const BASE = { PATH: "/usr/bin:/bin", PYTHONUNBUFFERED: "1", LANG: "C.UTF-8" };

interface Run {
  child: ChildProcess;
  ended: Promise<[number | null, string | null]>;
  output: string;
  facts: () => Promise<Record<string, unknown>>;
}

/** As the shim does: a shell that becomes it. */
function run(argv: string[], cwd: string, env: Record<string, string>): Run {
  const child = spawn("/bin/sh", ["-c", 'umask 022; exec "$@"', "sh", ...argv], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const it: Run = {
    child,
    ended: once(child, "close") as Promise<[number | null, string | null]>,
    output: "",
    facts: async () => {
      await expect.poll(() => it.output, { timeout: 10_000 }).toContain("\n");
      return JSON.parse(it.output.split("\n")[0] ?? "");
    },
  };
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (text) => {
      it.output += text;
    });
  return it;
}

const cold = (word: string, env: Record<string, string> = {}): Run =>
  run(launch(word).argv, app, { ...BASE, ...env });

interface Waiting extends Run {
  give: (order: object) => void;
  letGo: () => void;
  fifo: string;
}

async function warm(): Promise<Waiting> {
  const prepared = await prepare();
  if (prepared === null) throw new Error("it was refused");
  const fifo = join(root, `fifo-${performance.now()}`);
  execFileSync("mkfifo", [fifo]);
  const pipe = openSync(fifo, constants.O_RDWR);
  const before = { ...BASE, ONLY_BEFORE: "x", ...prepared.env, GANTRY_STANDBY: fifo };
  const waiting = run(prepared.argv, "/", before);
  return Object.assign(waiting, {
    give: (order: object) => void writeSync(pipe, `${JSON.stringify(order)}\n`),
    letGo: () => closeSync(pipe),
    fifo,
  });
}

const order = (word: string, env: Record<string, string> = {}, ...more: string[]) => ({
  argv: [...launch(word).argv, ...more],
  cwd: app,
  env: { ...BASE, ...env },
});

/** Was it there before its order came? */
const waited = (it: Run): boolean =>
  readFileSync(`/proc/${it.child.pid}/environ`, "latin1").includes("GANTRY_STANDBY=");

/** Pipes and process ids differ from one to the next. */
const comparable = ({ pid: _, streams: __, ...facts }: Record<string, unknown>) => facts;

it("is the same from inside: arguments, variables, folder, path, modules of its own, signals, streams, frames", async () => {
  const env = { OWN: "a 'b' \"c\"\n$d ✓", EMPTY: "", UVICORN_PORT: "1", PWD: "/somewhere" };
  const waiting = await warm();
  waiting.give(order("main:app", env, "--port", "5000", "", "ü"));
  const facts = await waiting.facts();
  const bare = run([...launch("main:app").argv, "--port", "5000", "", "ü"], app, { ...BASE, ...env });
  expect(comparable(facts)).toEqual(comparable(await bare.facts()));
  expect(facts.env).toMatchObject({ ...BASE, OWN: env.OWN, EMPTY: "" });
  expect(facts.path).toContain(app);
  expect(waited(waiting)).toBe(true);
  expect(facts.pid).toBe(waiting.child.pid);
});

it.each(["crash", "exit"])("ends and says the same: %s", async (word) => {
  const waiting = await warm();
  waiting.give(order(word));
  const bare = cold(word);
  const [status, other] = await Promise.all([waiting.ended, bare.ended]);
  expect(status).toEqual(other);
  const words = ({ output }: Run) => output.split("\n").slice(1);
  expect(words(waiting)).toEqual(words(bare));
  expect(words(waiting).join("\n")).not.toContain("sitecustomize");
});

it.each(["SIGTERM", "SIGINT"] as const)("hears %s as the other does", async (name) => {
  const waiting = await warm();
  waiting.give(order("main:app"));
  const bare = cold("main:app");
  for (const one of [waiting, bare]) {
    await one.facts();
    one.child.kill(name);
  }
  expect(await waiting.ended).toEqual(await bare.ended);
});

it.each<[string, () => Record<string, string>, string[]]>([
  ["variables that Python reads early", () => ({ PYTHONOPTIMIZE: "1" }), []],
  ["another locale", () => ({ LC_ALL: "C" }), []],
  ["variables of the loader", () => ({ LD_BIND_NOW: "1" }), []],
  ["a module of the app in place of an imported one", () => hide(""), []],
  ["the same below --app-dir", () => hide("src"), ["--app-dir", "src"]],
  ["the same below --app-dir=", () => hide("src"), ["--app-dir=src"]],
])("starts anew in its own place, as the other is from the start: %s", async (_, make, more) => {
  const env = make();
  const waiting = await warm();
  waiting.give(order("main:app", env, ...more));
  const facts = await waiting.facts();
  const bare = run([...launch("main:app").argv, ...more], app, { ...BASE, ...env });
  expect(comparable(facts)).toEqual(comparable(await bare.facts()));
  expect(facts.pid).toBe(waiting.child.pid);
  expect(waited(waiting)).toBe(false);
});

function hide(folder: string): Record<string, string> {
  mkdirSync(join(app, folder, "fastapi"), { recursive: true });
  writeFileSync(join(app, folder, "fastapi/__init__.py"), "");
  return {};
}

it("leaves the machine's own sitecustomize what it has to do", async () => {
  const [lib = ""] = readdirSync(join(root, "envs/one/lib"));
  const file = join(root, "envs/one/lib", lib, "site-packages/sitecustomize.py");
  writeFileSync(file, "import os\nos.environ['CUSTOM'] = 'yes'\n");
  try {
    const waiting = await warm();
    waiting.give(order("main:app"));
    const bare = await cold("main:app").facts();
    expect(comparable(await waiting.facts())).toEqual(comparable(bare));
    expect(bare.site).toEqual([true, false]);
  } finally {
    rmSync(file);
  }
});

it("ends quietly when nobody will give it an order", async () => {
  const waiting = await warm();
  await expect.poll(() => existsSync(waiting.fifo)).toBe(false);
  waiting.letGo();
  expect(await waiting.ended).toEqual([0, null]);
  expect(waiting.output).toBe("");
});

it("ends, too, when nobody ever had the FIFO open", async () => {
  const prepared = await prepare();
  const fifo = join(root, "nobody");
  execFileSync("mkfifo", [fifo]);
  const env = { ...BASE, ...prepared?.env, GANTRY_STANDBY: fifo };
  expect(await run(prepared?.argv ?? [], "/", env).ended).toEqual([0, null]);
});

it("is not made ready where it would be noticed", async () => {
  expect(await prepare([], "main:app", "--app-dir", "src")).not.toBeNull();
  expect(await prepare([], "main:app", "--reload")).toBeNull();
  expect(await prepare([], "main:app", "--workers=2")).toBeNull();
  expect(await prepare(["PYTHONPATH"], "main:app")).toBeNull();
  expect(await prepare(["LD_PRELOAD"], "main:app")).toBeNull();
  expect(await prepare(["PORTAL", "DATABASE_URL"], "main:app")).not.toBeNull();
  cpSync(realpathSync(python), join(root, "python"));
  const outside = { ...launch("main:app"), argv: [join(root, "python"), "-m", "uvicorn", "main:app"] };
  const folders = { envsDir: join(root, "envs"), toolsDir: join(root, "tools") };
  expect(await preparePython({ launch: outside, variables: [], ...folders })).toBeNull();
});
