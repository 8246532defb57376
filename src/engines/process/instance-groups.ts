// The control groups of instances: one each under a folder named for the home, so that two homes never meet.
import { spawnSync } from "node:child_process";
import { basename, dirname, join } from "node:path";
import type { Resources } from "../../domain/app.ts";
import {
  type CgroupTree,
  CONTROLLERS,
  childGroups,
  limitLegacy,
  limitUnified,
  makeFolder,
  openCgroupTree,
  removeGroup,
} from "../../lib/cgroups.ts";

/** What a fork bomb may reach when the owner set no limit. */
const DEFAULT_PIDS = 4096;

export interface InstanceGroups {
  readonly tree: CgroupTree;
  /** Makes the groups of one instance and sets its limits; `refused` are limits that do not hold here. */
  make(
    instanceId: string,
    resources: Resources,
  ): { cgroup: string | null; limits: string[]; refused: string[] };
  /** Where the v2 group of an instance is or would be. */
  pathOf(instanceId: string): string | null;
  /** Removes the groups if they are empty; what is not yet empty is tried again with the next removal. */
  remove(instanceId: string, further: string[]): void;
  /** The instances outside of `known` whose v2 group holds living processes; groups left empty are removed. */
  populated(known: (instanceId: string) => boolean): string[];
  /** Removes the folder of the home, where nothing lives in it any more. */
  close(): void;
}

/** `useUnified: false` leaves the v2 hierarchy alone, as on systems that have none. */
export function openInstanceGroups(homeId: string, useUnified: boolean): InstanceGroups {
  const opened = openCgroupTree(`gantry-${homeId}`);
  const usable = useUnified && opened.unified !== null && canJoin(join(opened.unified, "probe"));
  const tree = usable ? opened : { ...opened, unified: null, controllers: [] };
  const unfinished = new Set<string>();
  const pathOf = (instanceId: string) => (tree.unified === null ? null : join(tree.unified, instanceId));
  const discard = (path: string) => {
    if (removeGroup(path)) unfinished.delete(path);
    else unfinished.add(path);
  };
  return {
    tree,
    pathOf,
    make(instanceId, resources) {
      const wishes = {
        cpu: resources.cpu,
        memory: resources.memoryBytes,
        pids: resources.pids ?? DEFAULT_PIDS,
      };
      const path = pathOf(instanceId);
      const cgroup = path !== null && makeWithin(path) ? path : null;
      const limits: string[] = [];
      const refused: string[] = [];
      for (const controller of CONTROLLERS) {
        const amount = wishes[controller];
        if (amount === null) continue;
        if (cgroup !== null && tree.controllers.includes(controller)) {
          if (!limitUnified(cgroup, controller, amount)) refused.push(controller);
          continue;
        }
        const parent = tree.legacy[controller];
        const folder = parent === undefined ? null : join(parent, instanceId);
        const made = folder !== null && makeWithin(folder);
        if (made) limits.push(folder);
        const holds = made && limitLegacy(folder, controller, amount);
        if (!holds && (controller !== "pids" || resources.pids !== null)) refused.push(controller);
      }
      return { cgroup, limits, refused };
    },
    remove(instanceId, further) {
      for (const path of unfinished) discard(path);
      const own = [tree.unified, ...Object.values(tree.legacy)].filter((parent) => parent !== null);
      for (const path of new Set([...own.map((parent) => join(parent, instanceId)), ...further]))
        discard(path);
    },
    populated(known) {
      const found: string[] = [];
      for (const parent of [tree.unified, ...Object.values(tree.legacy)])
        for (const path of parent === null ? [] : childGroups(parent))
          if (!known(basename(path)) && !removeGroup(path) && parent === tree.unified)
            found.push(basename(path));
      return found;
    },
    close() {
      for (const parent of [opened.unified, ...Object.values(tree.legacy)])
        if (parent !== null) removeGroup(parent);
    },
  };
}

/** The folder of the home may have been cleared away while it was empty. */
const makeWithin = (path: string): boolean =>
  makeFolder(path) || (makeFolder(dirname(path)) && makeFolder(path));

/** Making a group does not yet mean that processes may be moved into it (containers, delegation). */
function canJoin(path: string): boolean {
  if (!makeFolder(path)) return false;
  const script = 'echo $$ 2>/dev/null >"$1/cgroup.procs"';
  const joined = spawnSync("/bin/sh", ["-c", script, "gantry-probe", path], { stdio: "ignore", env: {} });
  removeGroup(path);
  return joined.status === 0;
}
