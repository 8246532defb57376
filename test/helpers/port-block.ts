// Gives each Gantry under test ports of its own, also when several test runs go on at once.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "./processes.ts";

/** Below the ports that the kernel hands out for outgoing connections (32768 and up). */
const FIRST = 10_000;
const BLOCK = 300;
const BLOCKS = 70;

export interface PortBlock {
  port: number;
  httpPort: number;
  httpsPort: number;
  range: { first: number; last: number };
  release: () => void;
}

const dir = join(tmpdir(), "gantry-test-ports");

/** Claims a block that no other living test holds. */
export async function claimPorts(): Promise<PortBlock> {
  mkdirSync(dir, { recursive: true });
  const offset = Math.floor(Math.random() * BLOCKS);
  for (let i = 0; i < BLOCKS; i++) {
    const number = (offset + i) % BLOCKS;
    const first = FIRST + number * BLOCK;
    const file = join(dir, String(number));
    if (!claim(file)) continue;
    const free = await Promise.all([first, first + 1, first + 2].map(isFree));
    if (free.includes(false)) {
      rmSync(file, { force: true });
      continue;
    }
    return {
      port: first,
      httpPort: first + 1,
      httpsPort: first + 2,
      range: { first: first + 10, last: first + BLOCK - 1 },
      release: () => rmSync(file, { force: true }),
    };
  }
  throw new Error(`no free block of ports; see ${dir}`);
}

function claim(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    const owner = Number(readFileSync(file, "utf8") || "0");
    if (owner !== 0 && !isAlive(owner)) rmSync(file, { force: true });
    return false;
  }
}

/** Can 127.0.0.1:`port` be listened on right now? */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
