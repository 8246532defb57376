// Builds the Fastify instance: checks, strict input, one form of errors, all routes. Listens nowhere.
import type { IncomingMessage, Server } from "node:http";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import type * as z from "zod";
import { GantryError } from "../domain/errors.ts";
import { buildStamp, STAMP_HEADER } from "../lib/build-stamp.ts";
import type { Api, ApiParts } from "./api.ts";
import { parseJsonBody } from "./json-body.ts";
import { allowedMethods, type KnownRoute } from "./known-routes.ts";
import { limitBodyTime } from "./limit-body-time.ts";
import { escapeHtml, PAGE_POLICY, page } from "./page.ts";
import { HttpProblem, problem, refuseConnection } from "./problem.ts";
import { ROUTES } from "./routes/index.ts";
import { validatorCompiler } from "./validation.ts";

const BODY_LIMIT = 1_048_576;
const MAX_PARAM_LENGTH = 256;

export interface BuildOptions {
  server?: Server;
  /** Called with each answer and its schema: for tests that compare the two. */
  onAnswer?: (data: unknown, schema: z.ZodType, url: string) => void;
  /** Called before the routes are added: for the generator of openapi.json. */
  prepare?: (api: Api) => Promise<void>;
}

/** `api.routing` is to be called with every request of every listener. */
export async function buildApp(parts: ApiParts, options: BuildOptions = {}): Promise<Api> {
  const { server } = options;
  const api: Api = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    trustProxy: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, caseSensitive: true },
    exposeHeadRoutes: true,
    clientErrorHandler: refuseConnection,
    schemaController: { compilersFactory: compilers(options) },
    ...(server && { serverFactory: () => server }),
    frameworkErrors: (error, request, reply) => void answer(error, request, reply, parts),
  });
  acceptOnlyJson(api);
  limitBodyTime(api as never);
  const known: KnownRoute[] = [];
  api.addHook("onRoute", ({ method, url }) => {
    known.push({ methods: [method].flat(), url });
  });
  api.addHook("onRequest", async (request, reply) => {
    secure(reply);
    parts.auth.check(request.raw, request.routeOptions.config.access ?? "person");
  });
  api.setErrorHandler((error, request, reply) => answer(error, request, reply, parts));
  api.setNotFoundHandler((request) => refuseUnknown(request, known));
  await options.prepare?.(api);
  for (const routes of ROUTES) await api.register(async (child) => routes(child as Api, parts));
  await api.ready();
  return api;
}

/**
 * Given here and not by `setValidatorCompiler`, because Fastify loads its own compilers at once where none are given: 10 MB.
 * Answers are compared with their schemas by TypeScript and by tests, not again while people wait.
 */
const compilers = ({ onAnswer }: BuildOptions) => ({
  buildValidator: () => validatorCompiler as never,
  buildSerializer: () =>
    (({ schema, url }: { schema: z.ZodType; url: string }) =>
      (data: unknown) => {
        onAnswer?.(data, schema, url);
        return JSON.stringify(data);
      }) as never,
});

function acceptOnlyJson(api: Api): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_: unknown, body: Buffer) =>
    parseJsonBody(body),
  );
}

function secure(reply: FastifyReply): void {
  reply.headers({
    "content-security-policy":
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    [STAMP_HEADER]: buildStamp,
  });
}

function refuseUnknown(request: FastifyRequest, known: KnownRoute[]): never {
  const path = pathOf(request.raw);
  const methods = allowedMethods(known, path);
  if (methods.length > 0)
    throw new HttpProblem("no-method", { method: request.method }, { allow: methods.join(", ") });
  throw new GantryError("route-missing", { path: path.slice(0, 200) });
}

/** Without the query: that may hold the token of a one-time link. */
const pathOf = (request: IncomingMessage): string => (request.url ?? "").replace(/[?#].*$/s, "");

function answer(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { context }: ApiParts,
): FastifyReply {
  secure(reply);
  const where = { method: request.method, path: pathOf(request.raw) };
  const { status, headers, document } = problem(error, context.log, where);
  reply.code(status).headers(headers);
  const { message, hint } = document.error;
  if (!request.headers.accept?.includes("text/html"))
    return reply.type("application/json; charset=utf-8").serializer(JSON.stringify).send(document);
  const text = hint === undefined ? "" : `<p>${escapeHtml(hint)}</p>`;
  return reply
    .type("text/html; charset=utf-8")
    .header("content-security-policy", PAGE_POLICY)
    .serializer(String)
    .send(page(message, text));
}
