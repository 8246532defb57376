import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../../test/helpers/until.ts";
import { createWarmProgram, type ProgramOptions, type WarmProgram } from "./warm-program.ts";

/** Answers with what it was asked and its process. */
const PROGRAM = `
import json, os, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    if "warm" in asked.get("die", []) and not sys.argv[1:]: os.abort()
    time.sleep(asked.get("seconds", 0))
    if asked.get("once") and not os.path.exists(asked["once"]):
        open(asked["once"], "w").close()
        os.abort()
    print(json.dumps({"say": asked.get("say"), "pid": os.getpid()}), flush=True)
`;

let dir = "";
const open: WarmProgram[] = [];
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "gantry-warm-"));
  writeFileSync(join(dir, "answer.py"), PROGRAM);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((program) => program.close()));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Answer = { say: unknown; pid: number } | null;

function program(options: Partial<ProgramOptions> = {}) {
  const made = createWarmProgram({
    command: "python3",
    args: ["-I", "-S", join(dir, "answer.py")],
    env: process.env,
    ...options,
  });
  open.push(made);
  return (asked: object, signal?: AbortSignal) => made.ask(asked, signal) as Promise<Answer>;
}

const isAlive = (pid: number | undefined): boolean => {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
};

test("one process answers all questions, in their order", async () => {
  const ask = program();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, say) => ask({ say })));
  expect(answers.map((answer) => answer?.say)).toEqual(Array.from({ length: 50 }, (_, say) => say));
  expect(new Set(answers.map((answer) => answer?.pid)).size).toBe(1);
});

test("a question that ends it is asked once more in a fresh process, and the next one finds it warm again", async () => {
  const ask = program();
  const first = await ask({ say: 1 });
  const [retried, waiting] = await Promise.all([ask({ say: 2, once: join(dir, "died") }), ask({ say: 3 })]);
  expect([retried?.say, waiting?.say]).toEqual([2, 3]);
  expect(retried?.pid).not.toBe(first?.pid);
  const [next, after] = [await ask({ say: 4 }), await ask({ say: 5 })];
  expect(next?.pid).toBe(after?.pid);
  expect(await ask({ die: ["warm"] })).toBeNull();
  expect((await ask({ say: 6 }))?.say).toBe(6);
});

test("one that hangs is ended, here and in the fresh process", async () => {
  const ask = program({ timeoutMs: 1_500 });
  const { pid } = (await ask({ say: 1 })) ?? {};
  expect(await ask({ seconds: 60 })).toBeNull();
  await until("its end", () => !isAlive(pid));
});

test("nobody waits for somebody else's long question", async () => {
  const ask = program({ patienceMs: 50 });
  await ask({ say: "up" });
  const abort = new AbortController();
  const long = ask({ seconds: 60 }, abort.signal);
  expect((await ask({ say: "short" }))?.say).toBe("short");
  abort.abort(new Error("enough"));
  await expect(long).rejects.toThrow("enough");
});

test("it ends when nobody asks, and starts again", async () => {
  const ask = program({ idleMs: 30 });
  const first = await ask({ say: 1 });
  await until("its end", () => !isAlive(first?.pid));
  expect((await ask({ say: 2 }))?.pid).not.toBe(first?.pid);
});

test("after close it is gone, and questions are answered all the same", async () => {
  const ask = program();
  const first = await ask({ say: 1 });
  await open[0]?.close();
  expect(isAlive(first?.pid)).toBe(false);
  expect((await ask({ say: 2 }))?.say).toBe(2);
});

test("a program that is missing answers nothing", async () => {
  expect(await program({ command: join(dir, "none") })({ say: 1 })).toBeNull();
});

test("it ends when the one who asked is killed", async () => {
  const file = join(dir, "asker.mjs");
  writeFileSync(
    file,
    `import { createWarmProgram } from ${JSON.stringify(join(import.meta.dirname, "warm-program.ts"))};
     const program = createWarmProgram({ command: "python3", args: ${JSON.stringify(["-I", "-S", join(dir, "answer.py")])}, env: process.env });
     console.log((await program.ask({})).pid);
     setInterval(() => {}, 1000);`,
  );
  const asker = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = (await once(asker.stdout, "data")) as [Buffer];
  const pid = Number(text.toString());
  expect(isAlive(pid)).toBe(true);
  asker.kill("SIGKILL");
  await until("its end", () => !isAlive(pid));
});
