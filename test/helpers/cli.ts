// Runs the built command line as a user does, and gives back all that can be seen of it.
import { spawn } from "node:child_process";
import { join } from "node:path";

export interface CliResult {
  /** Null when it had to be killed. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Stdout as one JSON document; throws, with all output, when it is none. */
  json: <T = Record<string, unknown>>() => T;
}

const PROGRAM = join(import.meta.dirname, "..", "..", "bin", "gantry");

/** `program` is the launcher of another build. Ends within `timeoutMs` (default 120 s): killed then, and `code` is null. */
export function runCli(
  args: string[],
  options: {
    cwd: string;
    env: Record<string, string>;
    timeoutMs?: number;
    input?: string | Buffer;
    program?: string;
  },
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [options.program ?? PROGRAM, ...args], {
      cwd: options.cwd,
      env: options.env,
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      timeout: options.timeoutMs ?? 120_000,
      killSignal: "SIGKILL",
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdin?.end(options.input);
    child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      const [stdout, stderr] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()];
      resolve({ code, stdout, stderr, json: <T>() => parse(args, stdout, stderr) as T });
    });
  });
}

function parse(args: string[], stdout: string, stderr: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`gantry ${args.join(" ")} printed no JSON document\n${stdout}\n${stderr}`);
  }
}
