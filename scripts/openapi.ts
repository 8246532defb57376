// Writes openapi.json from the routes' schemas, and the client's types from it. `--check` only compares, for CI.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import swagger from "@fastify/swagger";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import openapiTS, { astToString } from "openapi-typescript";
import packageJson from "../package.json" with { type: "json" };
import type { ApiParts } from "../src/api/api.ts";
import { buildApp } from "../src/api/build-app.ts";

const ROOT = join(import.meta.dirname, "..");

const TAGS = [
  { name: "apps", description: "What shall run" },
  { name: "actions", description: "Start, stop and the like: they return at once" },
  { name: "facts", description: "What is known about one app" },
  { name: "watch", description: "What happens" },
  { name: "system", description: "Gantry itself" },
];

/** The OpenAPI 3.1 document, as text. Routes are only described here, never called: they need no parts. */
export async function openApiText(): Promise<string> {
  const api = await buildApp({} as ApiParts, {
    prepare: async (fastify) => {
      await fastify.register(swagger, {
        openapi: {
          openapi: "3.1.0",
          info: {
            title: "Gantry",
            version: packageJson.version,
            description: "Runs, routes, deploys and watches apps. All faces of Gantry use this API.",
          },
          tags: TAGS,
        },
        transform: jsonSchemaTransform,
        transformObject: jsonSchemaTransformObject,
      });
    },
  });
  const document = api.swagger();
  await api.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Types of all requests and answers, for the client. */
export async function clientTypesText(openApi: string): Promise<string> {
  const nodes = await openapiTS(openApi, { alphabetize: false });
  return `// Generated from openapi.json by npm run openapi. Not to be edited.\n${astToString(nodes)}`;
}

async function main(check: boolean): Promise<void> {
  const openApi = await openApiText();
  const texts = { "openapi.json": openApi, "src/client/types.ts": await clientTypesText(openApi) };
  for (const [name, text] of Object.entries(texts)) {
    const path = join(ROOT, name);
    const old = await readFile(path, "utf8").catch(() => "");
    if (old === text) continue;
    if (check) {
      console.error(`${name} does not match the routes: run npm run openapi`);
      process.exitCode = 1;
    } else {
      await writeFile(path, text);
      console.log(`wrote ${name}`);
    }
  }
}

if (import.meta.main) await main(process.argv.includes("--check"));
