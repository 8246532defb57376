// The page at /: until the dashboard is there, a plain list of the apps.
import * as z from "zod";
import { listApps } from "../../operations/find-app.ts";
import { showApp } from "../../operations/show-app.ts";
import type { Routes } from "../api.ts";
import { escapeHtml, PAGE_POLICY, page } from "../page.ts";
import { NoQuery, Problem } from "../schemas/parts.ts";

export const homeRoutes: Routes = (api, { context }) => {
  api.get(
    "/",
    {
      config: { access: "person" },
      schema: {
        hide: true,
        querystring: NoQuery,
        response: { 200: { content: { "text/html": { schema: z.string() } } }, default: Problem },
      },
    },
    async (_, reply) => {
      reply
        .type("text/html; charset=utf-8")
        .header("content-security-policy", PAGE_POLICY)
        .serializer(String);
      const rows = listApps(context).map((app) => {
        const { name, state, url, reason } = showApp(context, app);
        const link = url === null ? "" : `<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`;
        return `<tr><td>${escapeHtml(name)}<td class="${state}">${state}<td>${link}<td>${escapeHtml(reason ?? "")}</tr>`;
      });
      const none = "<p>There are no apps yet. In a folder with code: <code>gantry up</code></p>";
      const table = `<table><tr><th>App<th>State<th>URL<th></tr>${rows.join("")}</table>`;
      return page("Gantry", `${rows.length === 0 ? none : table}<p><a href="/docs">The API</a></p>`);
    },
  );
};
