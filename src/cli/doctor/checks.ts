// What this machine needs for Gantry, one check each. They change nothing.
import { findHome, makeHome } from "../home.ts";
import { answers } from "../start-daemon.ts";

export interface CheckResult {
  name: string;
  /** `warn`: something works less well without it. */
  result: "ok" | "warn" | "fail";
  /** What was found. */
  found: string;
  hint?: string;
}

const LEAST_NODE = 24;

/** All checks, in the order in which they are shown. */
export async function runChecks(env: NodeJS.ProcessEnv): Promise<CheckResult[]> {
  return [checkNode(), checkHome(env), await checkDaemon(env), ...(await Promise.all(TOOLS.map(checkTool)))];
}

function checkNode(): CheckResult {
  const ok = Number.parseInt(process.versions.node, 10) >= LEAST_NODE;
  return {
    name: "Node",
    result: ok ? "ok" : "fail",
    found: `${process.versions.node} (${process.execPath})`,
    ...(!ok && { hint: `Gantry needs Node ${LEAST_NODE} or newer.` }),
  };
}

function checkHome(env: NodeJS.ProcessEnv): CheckResult {
  try {
    const home = findHome(env);
    makeHome(home);
    return { name: "Home", result: "ok", found: home.dir };
  } catch (error) {
    const { message, facts } = error as { message: string; facts?: { hint?: string } };
    return {
      name: "Home",
      result: "fail",
      found: message,
      ...(facts?.hint !== undefined && { hint: facts.hint }),
    };
  }
}

async function checkDaemon(env: NodeJS.ProcessEnv): Promise<CheckResult> {
  const running = await answers(socketOf(env)).catch(() => false);
  if (running) return { name: "Daemon", result: "ok", found: "running" };
  return {
    name: "Daemon",
    result: "warn",
    found: "not running",
    hint: "gantry up starts it when it is needed.",
  };
}

function socketOf(env: NodeJS.ProcessEnv): string {
  try {
    return findHome(env).socket;
  } catch {
    return "/nonexistent";
  }
}

interface Tool {
  name: string;
  argv: [string, ...string[]];
  result: "warn" | "fail";
  hint: string;
}

const TOOLS: Tool[] = [
  {
    name: "Python",
    argv: ["python3", "--version"],
    result: "warn",
    hint: "Install Python 3 to run Python apps.",
  },
  {
    name: "venv and pip",
    argv: ["python3", "-c", "import venv, ensurepip; print('available')"],
    result: "warn",
    hint: "Python apps with dependencies need it (Debian: python3-venv), unless uv can be had.",
  },
  {
    name: "uv",
    argv: ["uv", "--version"],
    result: "warn",
    hint: "Not needed; Python apps build faster with it.",
  },
  { name: "npm", argv: ["npm", "--version"], result: "warn", hint: "Node apps with dependencies need it." },
  {
    name: "git",
    argv: ["git", "--version"],
    result: "warn",
    hint: "Install git to run apps from repositories.",
  },
  {
    name: "fallocate",
    argv: ["fallocate", "--version"],
    result: "warn",
    hint: "Logs are shortened by copying without it (package util-linux).",
  },
];

const PATIENCE_MS = 10_000;

function checkTool({ name, argv: [file, ...args], result, hint }: Tool): Promise<CheckResult> {
  const { execFile } = process.getBuiltinModule("node:child_process");
  return new Promise((resolve) => {
    execFile(file, args, { timeout: PATIENCE_MS }, (error, stdout) => {
      const found = stdout.trim().split("\n")[0] ?? "";
      if (error) resolve({ name, result, found: "not found", hint });
      else resolve({ name, result: "ok", found });
    });
  });
}
