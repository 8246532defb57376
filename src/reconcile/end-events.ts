// What the event log tells when an instance ends: the end, and whether the app is given up with it.
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import { lastCrash } from "../domain/crash-history.ts";
import type { NewEvent } from "../domain/event.ts";
import type { Instance } from "../domain/instance.ts";
import { nextRestart } from "../domain/restart-policy.ts";

export function endEvents({ store }: Context, app: App, ended: Instance): NewEvent[] {
  const message = ended.message ?? "ended";
  const data = { instanceId: ended.id, reason: ended.endReason, ...ended.exit };
  const end: NewEvent = { type: "instance.ended", appId: app.id, actor: "daemon", message, data };
  const policy = store.releases.get(ended.releaseId)?.launch.restart;
  const crash = app.wanted ? lastCrash(app, [ended]) : null;
  const verdict = policy === undefined || crash === null ? null : nextRestart(crash, policy);
  if (verdict?.verdict !== "give-up") return [end];
  const why = `${app.name} is given up after ${verdict.crashes} crashes in a row: ${message}`;
  return [end, { type: "app.failed", appId: app.id, actor: "daemon", message: why }];
}
