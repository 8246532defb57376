// Says for people which guarantees the process engine can give on this machine.
import { type CgroupTree, CONTROLLERS } from "../../lib/cgroups.ts";

export function describeTier(tree: CgroupTree): string {
  const end =
    tree.unified !== null
      ? "control groups (nothing can escape a stop)"
      : "marks and ancestry (a process that hides its environment, session and parent can escape a stop)";
  const limits = CONTROLLERS.filter(
    (one) => tree.controllers.includes(one) || tree.legacy[one] !== undefined,
  );
  const missing = CONTROLLERS.filter((one) => !limits.includes(one));
  const held = limits.length === 0 ? "no limits" : `limits on ${limits.join(", ")}`;
  return `${end}; ${held}${missing.length === 0 || limits.length === 0 ? "" : `, none on ${missing.join(", ")}`}`;
}
