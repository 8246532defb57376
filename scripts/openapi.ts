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
  { name: "values", description: "Variables and secrets of an app" },
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
  const document = api.swagger() as unknown as Document;
  await api.close();
  tellAnswers(document);
  return `${JSON.stringify(withOneNameEach(document), null, 2)}\n`;
}

interface Operation {
  requestBody?: { required?: boolean; content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, { description?: string }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
}

/** Descriptions instead of placeholders; bodies that may be left out. */
function tellAnswers({ paths }: Document): void {
  for (const { requestBody, responses } of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, answer] of Object.entries(responses))
      if (answer.description === "Default Response")
        answer.description = status === "default" ? "What is wrong" : "Done";
    for (const { schema } of Object.values(requestBody?.content ?? {})) {
      if (requestBody && schema["x-optional"] === true) requestBody.required = false;
      delete schema["x-optional"];
    }
  }
}

/** Schemas come in two forms, for requests (`AppInput`) and for answers (`App`). Each is used in one of them. */
function withOneNameEach(document: Document): Document {
  const { schemas } = document.components;
  const paths = JSON.stringify(document.paths);
  const isRequest = (name: string) => paths.includes(`"#/components/schemas/${name}Input"`);
  const names = Object.keys(schemas).filter((name) => !name.endsWith("Input"));
  const chosen = names.map((name) => [name, schemas[isRequest(name) ? `${name}Input` : name]]);
  const renamed = {
    ...document,
    components: { ...document.components, schemas: Object.fromEntries(chosen) },
  };
  return JSON.parse(
    JSON.stringify(renamed).replaceAll(/("#\/components\/schemas\/\w+?)Input"/g, '$1"'),
  ) as Document;
}

/** Types of all requests and answers, for the client. */
export async function clientTypesText(openApi: string): Promise<string> {
  const nodes = await openapiTS(openApi, { alphabetize: false });
  const text = astToString(nodes).replace(/^export type [\w$]+ = Record<string, never>;\n/gm, "");
  return `// Generated from openapi.json by npm run openapi. Not to be edited.\n${text}`;
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
