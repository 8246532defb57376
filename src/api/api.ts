// What every file of routes gets: the typed Fastify instance and the parts of the API that several routes share.
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Context } from "../context.ts";
import type { Successor } from "../operations/check-successor.ts";
import type { Auth } from "./auth.ts";
import type { Sessions } from "./sessions.ts";
import type { Streams } from "./stream.ts";

/** Fastify whose requests and answers have the types of their zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ApiParts {
  context: Context;
  auth: Auth;
  sessions: Sessions;
  streams: Streams;
  /** `http://127.0.0.1:7070`, without a slash at the end. */
  url(): string;
  /** Asks the daemon to end; it closes the API later. */
  shutdown(): void;
  /** Gives the home to the daemon of another build: asks this one to end, apps and edge go on. Throws `in-foreground`. */
  replace(successor: Successor): void;
}

export type Routes = (api: Api, parts: ApiParts) => void;
