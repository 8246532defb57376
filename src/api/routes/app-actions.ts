// POST /api/apps/{id}/<verb>: they set what is wanted and return at once; the loop does the work.
import type { App as AppRow } from "../../domain/app.ts";
import { findApp, findDeleted } from "../../operations/find-app.ts";
import { installApp } from "../../operations/install-app.ts";
import { restartApp } from "../../operations/restart-app.ts";
import { showApp } from "../../operations/show-app.ts";
import { startApp } from "../../operations/start-app.ts";
import { stopApp } from "../../operations/stop-app.ts";
import { undeleteApp } from "../../operations/undelete-app.ts";
import { updateApp } from "../../operations/update-app.ts";
import type { Routes } from "../api.ts";
import { checkIfMatch, etagOf } from "../etag.ts";
import { App } from "../schemas/app.ts";
import { AppParams, answers, ForceBody, NoBody, NoQuery } from "../schemas/parts.ts";

type Act = (app: AppRow, force: boolean, actor: string) => Promise<AppRow>;

export const appActionRoutes: Routes = (api, { context, auth }) => {
  const action = (
    verb: string,
    status: 200 | 202,
    summary: string,
    body: typeof ForceBody | typeof NoBody,
    act: Act,
  ) =>
    api.post(
      `/api/apps/:id/${verb}`,
      {
        config: { access: "person" },
        schema: {
          tags: ["actions"],
          summary,
          params: AppParams,
          querystring: NoQuery,
          body,
          response: answers(status, App),
        },
      },
      async (request, reply) => {
        const app = (verb === "undelete" ? findDeleted : findApp)(context, request.params.id);
        checkIfMatch(request.headers["if-match"], app);
        const force = request.body !== undefined && "force" in request.body && request.body.force === true;
        const changed = await act(app, force, auth.actorOf(request.raw));
        reply.code(status).header("etag", etagOf(changed));
        return showApp(context, changed);
      },
    );
  const switchTo =
    (enabled: boolean): Act =>
    (app, force, actor) =>
      updateApp(context, app, { enabled, config: {} }, { force }, actor);

  action("start", 202, "Starts it, after a build when one is needed", ForceBody, (app, force, actor) =>
    startApp(context, app, { force }, actor),
  );
  action("stop", 202, "Stops it; with force whatever its hook says", ForceBody, (app, force, actor) =>
    stopApp(context, app, actor, { force }),
  );
  action(
    "restart",
    202,
    "Replaces its instances without a gap where that is possible",
    ForceBody,
    (app, force, actor) => restartApp(context, app, { force }, actor),
  );
  action("install", 202, "Builds it without starting it", NoBody, (app, _, actor) =>
    installApp(context, app, actor),
  );
  action("undelete", 200, "Brings a deleted app back, stopped; by its id or name", NoBody, (app, _, actor) =>
    undeleteApp(context, app, actor),
  );
  action("enable", 200, "Lets it be started", NoBody, switchTo(true));
  action("disable", 200, "Keeps it from being started", ForceBody, switchTo(false));
};
