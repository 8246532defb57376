// The API's description: openapi.json as it was built, and Swagger UI from this machine to read it.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as z from "zod";
import { GantryError } from "../../domain/errors.ts";
import type { Routes } from "../api.ts";
import { answers, NoQuery } from "../schemas/parts.ts";

const require = createRequire(import.meta.url);

/** Swagger UI sets styles of its own elements by script, and its icons are data. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Gantry API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="icon" href="data:,"><div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></html>`;

const START =
  'SwaggerUIBundle({ url: "/openapi.json", dom_id: "#ui", deepLinking: true, validatorUrl: null, tryItOutEnabled: true });';

/** Everything below /docs, and nothing else: the package has more files, with maps of megabytes. */
const ASSETS: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

export const docsRoutes: Routes = (api) => {
  api.addHook("onRequest", async (_, reply) => {
    reply.header("content-security-policy", POLICY);
  });
  const hidden = { config: { access: "person" } as const, schema: { hide: true, querystring: NoQuery } };

  api.get(
    "/openapi.json",
    {
      config: { access: "person" },
      schema: {
        tags: ["system"],
        summary: "This description",
        querystring: NoQuery,
        response: answers(200, z.record(z.string(), z.unknown())),
      },
    },
    async (_, reply) =>
      reply
        .type("application/json; charset=utf-8")
        .serializer(asIs)
        .send((await readOpenApi()) as never),
  );
  api.get("/docs", hidden, async (_, reply) => reply.type("text/html; charset=utf-8").send(PAGE));
  api.get("/docs/start.js", hidden, async (_, reply) =>
    reply.type("text/javascript; charset=utf-8").send(START),
  );
  api.get(
    "/docs/:file",
    { ...hidden, schema: { ...hidden.schema, params: z.strictObject({ file: z.string() }) } },
    async ({ params: { file } }, reply) => {
      const type = Object.hasOwn(ASSETS, file) ? ASSETS[file] : undefined;
      if (type === undefined) throw new GantryError("route-missing", { path: `/docs/${file}` });
      const folder = dirname(require.resolve("swagger-ui-dist/package.json"));
      return reply
        .type(type)
        .header("cache-control", "max-age=86400")
        .send(await readFile(join(folder, file)));
    },
  );
};

const asIs = (payload: unknown): string => payload as string;

/** Beside the bundle, or at the root of the source tree. Read each time: it is asked for rarely. */
const readOpenApi = (): Promise<Buffer> =>
  readFile(join(import.meta.dirname, "openapi.json")).catch(() =>
    readFile(join(import.meta.dirname, "..", "..", "..", "openapi.json")),
  );
