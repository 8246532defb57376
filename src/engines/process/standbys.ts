// The FIFOs over which waiting processes hear what they are to become.
import { closeSync, constants, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { LaunchOrder } from "../../domain/engine.ts";
import { isDead, readProcess } from "../../lib/processes.ts";
import { runCommand } from "../../lib/run-command.ts";
import { findExecutable } from "./executable.ts";
import { marksOf, type ProcessHandle } from "./handle.ts";
import { portable } from "./shim.ts";

/** Names the FIFO to the program that waits. */
const VARIABLE = "GANTRY_STANDBY";
/** A FIFO takes this much at once, without a reader that hurries. */
const MOST_BYTES = 60_000;
/** An order that nobody has begun to read is lost when the FIFO is closed: whoever waits may not even have opened it yet. */
const HELD_MS = 30_000;

interface Pipe {
  descriptor: number;
  /** It has got its order. */
  given: boolean;
}

export class Standbys {
  readonly #folder: string;
  readonly #homeId: string;
  readonly #pipes = new Map<string, Pipe>();

  /** `folder` is nobody's but the owner's: what goes over a FIFO may be secret. */
  constructor(folder: string, homeId: string) {
    this.#folder = folder;
    this.#homeId = homeId;
  }

  /** Makes the FIFO of one process, which ends when this program does: nobody has it open any more then. Returns the variable that names it. */
  async open(instanceId: string): Promise<Record<string, string>> {
    const path = this.#pathOf(instanceId);
    rmSync(path, { force: true });
    const env = { PATH: process.env.PATH };
    const { code, lines } = await runCommand("mkfifo", ["-m", "600", path], {
      cwd: "/",
      env,
      timeoutMs: 5_000,
    });
    if (code !== 0) throw new Error(`no FIFO can be made: ${lines.join(" ")}`);
    const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    this.#pipes.set(instanceId, { descriptor, given: false });
    return { [VARIABLE]: path };
  }

  /** Does something wait to become this instance? */
  has(instanceId: string): boolean {
    return this.#pipes.get(instanceId)?.given === false;
  }

  /** Hands the order over, once it is stored; false when it can't be carried out so. Nobody waits for another one then. */
  async become(order: LaunchOrder, { pid }: ProcessHandle): Promise<boolean> {
    const { instanceId, stored } = order;
    const pipe = this.#pipes.get(instanceId);
    if (pipe === undefined) return false;
    // At once: a second call finds an instance that runs.
    pipe.given = true;
    await stored;
    if (this.#pipes.get(instanceId) !== pipe || !lives(pid) || !this.#give(pipe, order)) return false;
    setTimeout(() => this.drop(instanceId, pipe), HELD_MS).unref();
    return true;
  }

  /** Lets go of the FIFO: whoever waits there ends. */
  drop(instanceId: string, which = this.#pipes.get(instanceId)): void {
    if (which === undefined || this.#pipes.get(instanceId) !== which) return;
    this.#pipes.delete(instanceId);
    closeSync(which.descriptor);
    rmSync(this.#pathOf(instanceId), { force: true });
  }

  close(): void {
    for (const instanceId of [...this.#pipes.keys()]) this.drop(instanceId);
  }

  #give({ descriptor }: Pipe, order: LaunchOrder): boolean {
    try {
      const argv = [findExecutable(order), ...order.argv.slice(1)];
      const env = { ...portable(order.env), ...marksOf(order.instanceId, this.#homeId) };
      const text = Buffer.from(`${JSON.stringify({ argv, cwd: order.cwd, env })}\n`);
      return text.length <= MOST_BYTES && writeSync(descriptor, text) === text.length;
    } catch {
      // A start from nothing says what is wrong.
      return false;
    }
  }

  #pathOf = (instanceId: string): string => join(this.#folder, `${instanceId}.fifo`);
}

function lives(pid: number): boolean {
  const entry = readProcess(pid);
  return entry !== null && !isDead(entry);
}
