// Control groups (Linux cgroups v2, and v1 where the controllers still live there): find, create, limit, list, kill.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { writeFile as writeFileLater } from "node:fs/promises";
import { join } from "node:path";

export type Controller = "cpu" | "memory" | "pids";
export const CONTROLLERS: readonly Controller[] = ["cpu", "memory", "pids"];

/** Where groups can be made. */
export interface CgroupTree {
  /** Folder in the v2 hierarchy; null when none is writable or the kernel lacks `cgroup.kill` (before 5.14). */
  unified: string | null;
  /** Controllers that work in `unified`. */
  controllers: Controller[];
  /** Folders in v1 hierarchies, for the controllers that v2 does not have. */
  legacy: Partial<Record<Controller, string>>;
}

interface Mount {
  path: string;
  /** What of the hierarchy is mounted there. */
  root: string;
  controllers: string[] | "unified";
}

/** Finds or makes the folder `name` in each hierarchy that this process may write to. */
export function openCgroupTree(name: string): CgroupTree {
  const mounts = readMounts();
  const own = readOwnGroups();
  const tree: CgroupTree = { unified: null, controllers: [], legacy: {} };
  for (const mount of mounts) {
    if (mount.controllers !== "unified" || tree.unified !== null) continue;
    tree.unified = openUnified(mount, own.get("") ?? "/", name);
    if (tree.unified !== null) leave(tree.unified, join(mount.path, relative(mount, own.get("") ?? "/")));
  }
  if (tree.unified !== null) tree.controllers = enableControllers(tree.unified);
  for (const controller of CONTROLLERS) {
    if (tree.controllers.includes(controller)) continue;
    const mount = mounts.find((one) => one.controllers !== "unified" && one.controllers.includes(controller));
    if (mount === undefined) continue;
    const folder = join(inside(mount, own.get(controller) ?? "/"), name);
    if (makeFolder(folder)) tree.legacy[controller] = folder;
  }
  return tree;
}

/** Makes one group; true when it is there. */
export const makeFolder = (path: string): boolean => {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EEXIST";
  }
};

/** Removes an empty group with the empty groups in it; false when something still lives there. */
export function removeGroup(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    let removed = 0;
    for (const child of childGroups(path)) if (removeGroup(child)) removed++;
    return removed > 0 && removeGroup(path);
  }
}

/** The living processes in the group and all groups below it. */
export function groupMembers(path: string): number[] {
  const text = read(`${path}/cgroup.procs`);
  if (text === null) return [];
  const own = text === "" ? [] : text.trimEnd().split("\n").map(Number);
  // A process may have made groups of its own inside: they are looked for only when there is reason to.
  if (own.length === 0 && !(read(`${path}/cgroup.events`) ?? "").includes("populated 1")) return own;
  return own.concat(childGroups(path).flatMap(groupMembers));
}

/**
 * Where a process writes "0" to enter the group itself. v1 lets a lone thread move at once; whole processes, the only way
 * in v2, wait for all CPUs once per some 10 ms (the kernel's cgroup_threadgroup_rwsem).
 */
export const entranceUnified = (path: string): string => `${path}/cgroup.procs`;
export const entranceLegacy = (path: string): string => `${path}/tasks`;

/** Moves another process into a v2 group, in a thread; false when it is gone or may not be moved. */
export async function moveInto(path: string, pid: number): Promise<boolean> {
  try {
    await writeFileLater(entranceUnified(path), String(pid));
    return true;
  } catch {
    return false;
  }
}

/** Kills all processes in the group and below at once; none can escape by forking. */
export const killGroup = (path: string): boolean => write(`${path}/cgroup.kill`, "1");

/** CPU time of everything that ever ran in a v2 group, in milliseconds; null when it can't be read. */
export function groupCpuMs(path: string): number | null {
  const usage = /^usage_usec (\d+)$/m.exec(read(`${path}/cpu.stat`) ?? "")?.[1];
  return usage === undefined ? null : Number(usage) / 1000;
}

/** Has the kernel killed a process of the group because of its memory limit? */
export const wasOutOfMemory = (path: string): boolean =>
  ["memory.events", "memory.oom_control"].some((file) =>
    /^oom_kill [1-9]/m.test(read(`${path}/${file}`) ?? ""),
  );

/** Sets a limit of a v2 group; false when refused. `cpu` in CPUs, `memory` in bytes, `pids` in tasks. */
export function limitUnified(path: string, controller: Controller, amount: number): boolean {
  if (controller === "cpu") return write(`${path}/cpu.max`, `${quotaUs(amount)} ${PERIOD_US}`);
  return write(`${path}/${controller}.max`, String(Math.max(1, Math.floor(amount))));
}

/** The same for a group in the v1 hierarchy of that controller. */
export function limitLegacy(path: string, controller: Controller, amount: number): boolean {
  if (controller === "cpu")
    return (
      write(`${path}/cpu.cfs_period_us`, `${PERIOD_US}`) &&
      write(`${path}/cpu.cfs_quota_us`, `${quotaUs(amount)}`)
    );
  const file = controller === "memory" ? "memory.limit_in_bytes" : "pids.max";
  return write(`${path}/${file}`, String(Math.max(1, Math.floor(amount))));
}

const PERIOD_US = 100_000;
/** The kernel refuses quotas below 1 ms. */
const quotaUs = (cpus: number): number => Math.max(1000, Math.round(cpus * PERIOD_US));

export function childGroups(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(path, entry.name));
  } catch {
    return [];
  }
}

/** The highest group between the root of the mount and our own that may be written to: its groups outlive our own. */
function openUnified(mount: Mount, own: string, name: string): string | null {
  const steps = relative(mount, own).split("/").filter(Boolean);
  for (let depth = 0; depth <= steps.length; depth++) {
    const base = join(mount.path, ...steps.slice(0, depth));
    if (!writable(`${base}/cgroup.procs`)) continue;
    const folder = join(base, name);
    if (makeFolder(folder) && existsSync(`${folder}/cgroup.kill`) && writable(`${folder}/cgroup.procs`))
      return folder;
  }
  return null;
}

/** Whoever makes groups must not live in one of them, or it would be killed with it. */
function leave(folder: string, own: string): void {
  if (own.startsWith(`${folder}/`)) write(entranceUnified(join(folder, "..")), String(process.pid));
}

function enableControllers(folder: string): Controller[] {
  for (const where of [join(folder, ".."), folder])
    for (const controller of CONTROLLERS)
      if (!list(`${where}/cgroup.subtree_control`).includes(controller))
        write(`${where}/cgroup.subtree_control`, `+${controller}`);
  const enabled = list(`${folder}/cgroup.subtree_control`);
  return CONTROLLERS.filter((controller) => enabled.includes(controller));
}

/** See proc_pid_mountinfo(5): `id parent dev root mount-point options… - type source super-options`. */
function readMounts(): Mount[] {
  const mounts: Mount[] = [];
  for (const line of (read("/proc/self/mountinfo") ?? "").split("\n")) {
    const [left = "", right = ""] = line.split(" - ");
    const [, , , root = "/", path = ""] = left.split(" ");
    const [type, , options = ""] = right.split(" ");
    if (type === "cgroup2") mounts.push({ path, root, controllers: "unified" });
    if (type === "cgroup") mounts.push({ path, root, controllers: options.split(",") });
  }
  return mounts;
}

/** Our own group by controller; "" is v2 (cgroups(7): `id:controllers:path`). */
function readOwnGroups(): Map<string, string> {
  const groups = new Map<string, string>();
  for (const line of (read("/proc/self/cgroup") ?? "").split("\n")) {
    const [, names, path] = line.split(":");
    if (names === undefined || path === undefined) continue;
    for (const name of names.split(",")) groups.set(name, path);
  }
  return groups;
}

/** The part of a group's path below what is mounted (containers see only their own part). */
const relative = (mount: Mount, group: string): string =>
  mount.root !== "/" && group.startsWith(mount.root) ? group.slice(mount.root.length) : group;

function inside(mount: Mount, group: string): string {
  const path = join(mount.path, relative(mount, group));
  return existsSync(path) ? path : mount.path;
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const list = (path: string): string[] => (read(path) ?? "").trim().split(" ");

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function write(path: string, text: string): boolean {
  try {
    writeFileSync(path, text);
    return true;
  } catch {
    return false;
  }
}
