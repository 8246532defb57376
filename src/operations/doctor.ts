// Looks whether everything is there that Gantry needs, and says what to do where not.
import { execFile } from "node:child_process";
import { lookup } from "node:dns/promises";
import { stat, statfs } from "node:fs/promises";
import { promisify } from "node:util";
import type { Context } from "../context.ts";

export interface DoctorCheck {
  name: string;
  ok: boolean;
  message: string;
  hint?: string;
}

const LOW_DISK_BYTES = 1024 ** 3;

export async function doctor(context: Context): Promise<{ checks: DoctorCheck[] }> {
  const checks = await Promise.all([
    checkHome(context),
    checkDisk(context),
    checkStore(context),
    checkEdge(context),
    ...Object.values(context.engines).map(async (engine): Promise<DoctorCheck> => {
      const { available, tier, reason } = await engine.probe();
      return {
        name: `engine ${engine.name}`,
        ok: available,
        message: available ? tier : (reason ?? "can't be used"),
      };
    }),
    checkProgram("python3", ["--version"], "needed for Python apps", "Install python3 and python3-venv."),
    checkProgram("git", ["--version"], "needed to fetch repositories", "Install git."),
    checkResolver(context),
  ]);
  return { checks };
}

async function checkHome({ settings }: Context): Promise<DoctorCheck> {
  const { mode } = await stat(settings.home);
  const ok = (mode & 0o077) === 0;
  const message = ok ? `${settings.home} is private` : `${settings.home} can be read by others`;
  return { name: "home", ok, message, ...(ok ? {} : { hint: `chmod 700 ${settings.home}` }) };
}

async function checkDisk({ settings }: Context): Promise<DoctorCheck> {
  const { bavail, bsize } = await statfs(settings.home);
  const free = bavail * bsize;
  const ok = free >= LOW_DISK_BYTES;
  const message = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return { name: "disk", ok, message, ...(ok ? {} : { hint: "Free some space; deploys and logs need it." }) };
}

async function checkStore({ store }: Context): Promise<DoctorCheck> {
  const { ok, reason, pending } = store.health();
  return { name: "database", ok, message: ok ? "sound" : `${reason} (${pending} changes wait)` };
}

async function checkEdge({ edge, settings }: Context): Promise<DoctorCheck> {
  const { connected } = edge.status();
  const message = connected ? `listens on port ${settings.httpPort}` : "does not run";
  return {
    name: "edge",
    ok: connected,
    message,
    ...(connected ? {} : { hint: "See gantry events; the port may be in use." }),
  };
}

async function checkProgram(
  name: string,
  args: string[],
  purpose: string,
  hint: string,
): Promise<DoctorCheck> {
  try {
    const { stdout, stderr } = await promisify(execFile)(name, args, { timeout: 10_000 });
    return { name, ok: true, message: (stdout || stderr).trim() };
  } catch {
    return { name, ok: false, message: `not found (${purpose})`, hint };
  }
}

/** Browsers and curl know *.localhost by themselves; other programs ask the system. */
async function checkResolver({ settings }: Context): Promise<DoctorCheck> {
  const name = `gantry-doctor.${settings.domain}`;
  try {
    const { address } = await lookup(name);
    return { name: "names", ok: true, message: `${name} is ${address}` };
  } catch {
    const ok = settings.domain === "localhost";
    const message = ok
      ? "browsers and curl find *.localhost; other programs on this machine do not"
      : `${name} can't be resolved`;
    return {
      name: "names",
      ok,
      message,
      ...(ok ? {} : { hint: `Point *.${settings.domain} to this machine.` }),
    };
  }
}
