// GET /metrics in Prometheus' text format (version 0.0.4).
import * as z from "zod";
import { listApps } from "../../operations/find-app.ts";
import { showApp } from "../../operations/show-app.ts";
import type { Routes } from "../api.ts";
import { NoQuery, Problem } from "../schemas/parts.ts";

export const metricsRoutes: Routes = (api, { context }) => {
  api.get(
    "/metrics",
    {
      config: { access: "person" },
      schema: {
        tags: ["watch"],
        summary: "For Prometheus",
        querystring: NoQuery,
        response: {
          200: { description: "Metrics", content: { "text/plain": { schema: z.string() } } },
          default: Problem,
        },
      },
    },
    async (_, reply) => {
      const views = listApps(context).map((app) => showApp(context, app));
      const states = Object.groupBy(views, ({ state }) => state);
      const lines = [
        "# HELP gantry_apps Apps by state.",
        "# TYPE gantry_apps gauge",
        ...Object.entries(states).map(([state, apps]) => `gantry_apps{state="${state}"} ${apps.length}`),
        "# HELP gantry_app_up 1 while the app runs and answers.",
        "# TYPE gantry_app_up gauge",
        ...views.map(({ name, state }) => `gantry_app_up{app="${name}"} ${state === "running" ? 1 : 0}`),
        "# HELP gantry_app_restarts Unasked-for ends since the last start by a person.",
        "# TYPE gantry_app_restarts gauge",
        ...views.map(({ name, restarts }) => `gantry_app_restarts{app="${name}"} ${restarts}`),
        "# HELP process_resident_memory_bytes Memory of the daemon.",
        "# TYPE process_resident_memory_bytes gauge",
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      ];
      reply.type("text/plain; version=0.0.4; charset=utf-8").serializer(String);
      return `${lines.join("\n")}\n`;
    },
  );
};
