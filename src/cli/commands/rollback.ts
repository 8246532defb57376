// `gantry rollback`: an older release serves again.
import { command } from "../command.ts";
import { carryThrough } from "../deploy/tell-deployment.ts";
import { withProgress } from "../progress.ts";
import { releaseNumber } from "../release-number.ts";

export default command({
  description:
    "Code, dependencies and settings are those of the release; nothing is built when they are still there. Variables and secrets stay as they are now, unless --with-env. When the older release does not get healthy either, what serves now goes on. Ctrl-C ends only the watching.",
  arguments: [
    { name: "app", summary: "its name", required: true, complete: "app" },
    { name: "release", summary: "its number; default: the one that was good before the present one" },
  ],
  options: {
    "with-env": { type: "flag", summary: "with variables and secrets as they were then" },
    message: { type: "text", short: "m", value: "text", summary: "why; shown by gantry deployments" },
    detach: { type: "flag", short: "d", summary: "do not wait for its end" },
  },
  examples: [
    { line: "gantry rollback notes", what: "back to the release before" },
    { line: "gantry rollback notes 3", what: "back to release 3" },
  ],
  async run({ args: [id = "", release], options }, session) {
    const n = release === undefined ? undefined : releaseNumber(release, "release");
    const daemon = session.daemon();
    await daemon.start();
    const { message = null, withEnv, detach } = options;
    const body = { withEnv, message, start: false };
    const asked =
      n === undefined
        ? daemon.request("POST", "/api/apps/{id}/rollback", { params: { id }, body })
        : daemon.request("POST", "/api/apps/{id}/rollback/{n}", { params: { id, n }, body });
    const deployment = await withProgress(session.out, "Asking for the rollback", asked);
    return await carryThrough(session, deployment, { detach });
  },
});
