// /api/apps/{id}/env and /api/apps/{id}/secrets: variables can be read, of secrets the names alone.
import * as z from "zod";
import type { App as AppRow } from "../../domain/app.ts";
import { writeEnvFile } from "../../domain/env-file.ts";
import {
  type ChangeOptions,
  type Changes,
  changeValues,
  MASK,
  missing,
} from "../../operations/change-values.ts";
import type { Kind } from "../../operations/check-values.ts";
import { findApp } from "../../operations/find-app.ts";
import { importEnv } from "../../operations/import-env.ts";
import { showApp } from "../../operations/show-app.ts";
import type { ApiParts, Routes } from "../api.ts";
import { checkIfMatch, etagOf } from "../etag.ts";
import { App } from "../schemas/app.ts";
import { AppParams, answers, ForceQuery, NoQuery } from "../schemas/parts.ts";
import { ImportBody, OneValue, ValueBody, Values, ValuesPatch } from "../schemas/values.ts";

/** More than all values together may have, in JSON. */
const BODY_LIMIT = 8 * 1024 * 1024;

const ValueParams = AppParams.extend({ key: z.string().min(1).max(255).describe("Name of the variable") });

const ReadQuery = z.strictObject({
  format: z
    .enum(["json", "dotenv"])
    .default("json")
    .describe("dotenv: text that an import reads back exactly"),
});

const WORDS: Record<Kind, { all: string; one: string }> = {
  env: { all: "variables", one: "variable" },
  secrets: { all: "secrets", one: "secret" },
};

export const valueRoutes: Routes = (api, parts) => {
  for (const kind of ["env", "secrets"] as const) {
    readRoutes(kind)(api, parts);
    changeAllRoutes(kind)(api, parts);
    changeOneRoutes(kind)(api, parts);
  }
  importRoute(api, parts);
};

/** As they may be shown. */
const shownValues = (app: AppRow, kind: Kind): Record<string, string> =>
  kind === "env"
    ? app.config.env
    : Object.fromEntries(
        Object.keys(app.secrets ?? {})
          .sort()
          .map((name) => [name, MASK]),
      );

const describe = (summary: string) =>
  ({ config: { access: "person" }, schema: { tags: ["values"], summary } }) as const;

const readRoutes =
  (kind: Kind): Routes =>
  (api, { context }) => {
    const summary = kind === "env" ? "Its variables" : "Names of its secrets; the values are masked";
    const { config, schema } = describe(summary);
    const querystring = kind === "env" ? ReadQuery : NoQuery;
    api.get(
      `/api/apps/:id/${kind}`,
      { config, schema: { ...schema, params: AppParams, querystring, response: answers(200, Values) } },
      async ({ params, query }, reply) => {
        const app = findApp(context, params.id);
        reply.header("etag", etagOf(app));
        const values = shownValues(app, kind);
        if (!("format" in query) || query.format === "json") return values;
        reply.type("text/plain; charset=utf-8").serializer(String);
        return writeEnvFile(values) as never;
      },
    );
    const one = describe(
      kind === "env" ? "One variable" : "Whether there is this secret; its value is masked",
    );
    api.get(
      `/api/apps/:id/${kind}/:key`,
      {
        config,
        schema: {
          ...one.schema,
          params: ValueParams,
          querystring: NoQuery,
          response: answers(200, OneValue),
        },
      },
      async ({ params }, reply) => {
        const app = findApp(context, params.id);
        const values = shownValues(app, kind);
        const value = Object.hasOwn(values, params.key) ? values[params.key] : undefined;
        if (value === undefined) throw missing(app, kind, params.key);
        reply.header("etag", etagOf(app));
        return { name: params.key, value };
      },
    );
  };

/** The parts of a request that all changes have in common. */
interface Asked {
  params: { id: string };
  headers: { "if-match"?: string | undefined };
  query: { force?: boolean };
}

/** The app, and what the operation is to know. It compares the tag again: the app may change until the write. */
function begin(
  { context }: ApiParts,
  { params, headers, query }: Asked,
): { app: AppRow; options: ChangeOptions } {
  const app = findApp(context, params.id);
  const tag = headers["if-match"];
  checkIfMatch(tag, app);
  const strict = tag !== undefined && tag.trim() !== "*";
  return { app, options: { force: query.force ?? false, ...(strict && { ifMatch: app.updatedAt }) } };
}

const changeAllRoutes =
  (kind: Kind): Routes =>
  (api, parts) => {
    const { context, auth } = parts;
    const { all } = WORDS[kind];
    const change = (method: "PUT" | "PATCH", summary: string, body: typeof Values | typeof ValuesPatch) =>
      api.route({
        method,
        url: `/api/apps/:id/${kind}`,
        bodyLimit: BODY_LIMIT,
        config: { access: "person" },
        schema: {
          tags: ["values"],
          summary,
          params: AppParams,
          querystring: ForceQuery,
          body,
          response: answers(200, App),
        },
        handler: async (request, reply) => {
          const { app, options } = begin(parts, request);
          const changes: Changes = request.body;
          const order = { changes, replace: method === "PUT", ...options };
          const changed = await changeValues(context, app, kind, order, auth.actorOf(request.raw));
          reply.header("etag", etagOf(changed));
          return showApp(context, changed);
        },
      });
    change("PUT", `Replaces all ${all}`, Values);
    change("PATCH", `Sets and removes some ${all}`, ValuesPatch);
    api.delete(
      `/api/apps/:id/${kind}`,
      {
        config: { access: "person" },
        schema: {
          tags: ["values"],
          summary: `Removes all ${all}`,
          params: AppParams,
          querystring: NoQuery,
          response: answers(204, z.null().describe("Done")),
        },
      },
      async (request, reply) => {
        const { app, options } = begin(parts, request);
        const order = { changes: {}, replace: true, ...options };
        await changeValues(context, app, kind, order, auth.actorOf(request.raw));
        return reply.code(204).send(null);
      },
    );
  };

const changeOneRoutes =
  (kind: Kind): Routes =>
  (api, parts) => {
    const { context, auth } = parts;
    const { one } = WORDS[kind];
    const url = `/api/apps/:id/${kind}/:key`;
    const { config, schema } = describe(`Sets one ${one}`);
    api.put(
      url,
      {
        bodyLimit: BODY_LIMIT,
        config,
        schema: {
          ...schema,
          params: ValueParams,
          querystring: ForceQuery,
          body: ValueBody,
          response: answers(200, App),
        },
      },
      async (request, reply) => {
        const { app, options } = begin(parts, request);
        const order = { changes: { [request.params.key]: request.body.value }, ...options };
        const changed = await changeValues(context, app, kind, order, auth.actorOf(request.raw));
        reply.header("etag", etagOf(changed));
        return showApp(context, changed);
      },
    );
    const removal = describe(`Removes one ${one}`);
    api.delete(
      url,
      {
        config,
        schema: {
          ...removal.schema,
          params: ValueParams,
          querystring: NoQuery,
          response: answers(204, z.null().describe("Done")),
        },
      },
      async (request, reply) => {
        const { app, options } = begin(parts, request);
        const order = { changes: { [request.params.key]: null }, ...options };
        await changeValues(context, app, kind, order, auth.actorOf(request.raw));
        return reply.code(204).send(null);
      },
    );
  };

const importRoute: Routes = (api, parts) => {
  const { context, auth } = parts;
  const names = z.array(z.string()).describe("What the file sets");
  const warnings = z.array(z.string()).describe("What was left out, and why");
  api.post(
    "/api/apps/:id/env/import",
    {
      bodyLimit: BODY_LIMIT,
      config: { access: "person" },
      schema: {
        tags: ["values"],
        summary: "Takes over what a .env file sets; all else stays",
        params: AppParams,
        querystring: ForceQuery,
        body: ImportBody,
        response: answers(200, z.object({ app: App, names, warnings })),
      },
    },
    async (request, reply) => {
      const { app, options } = begin(parts, request);
      const imported = await importEnv(context, app, request.body, options, auth.actorOf(request.raw));
      reply.header("etag", etagOf(imported.app));
      return { ...imported, app: showApp(context, imported.app) };
    },
  );
};
