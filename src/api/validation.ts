// Checks input against its schema and tells in one sentence what is wrong, where, and what was probably meant.
import type { FastifySchemaCompiler } from "fastify";
import type * as z from "zod";
import { closest } from "../domain/closest.ts";
import { GantryError } from "../domain/errors.ts";

/** The part of a schema's definition that suggestions are made from. */
type Shaped = { shape?: Record<string, unknown>; unwrap?: () => unknown };

/** Validates with zod; the first issue becomes `invalid-input`, whose `field` is the path of the offending value. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    // Fastify says null where there is no body.
    const result = schema.safeParse(data ?? undefined);
    if (result.success) return { value: result.data };
    const { issues } = result.error;
    // A misspelt key says more than the one that is missing for it.
    const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
    return {
      error: issue ? explain(issue, schema) : new GantryError("invalid-input", { reason: "invalid" }),
    };
  };

function explain(issue: z.core.$ZodIssue, schema: z.ZodType): GantryError {
  const inner = deepest(issue);
  const path = inner.path.map(String);
  if (inner.code === "unrecognized_keys") {
    const key = inner.keys[0] ?? "";
    const field = [...path, key].join(".");
    const meant = closest(key, knownKeys(schema, path));
    return new GantryError("invalid-input", {
      reason: `${show(field)} is unknown`,
      field: show(field),
      ...(meant !== undefined && { hint: `Did you mean ${[...path, meant].join(".")}?` }),
    });
  }
  if (path.length === 0) return new GantryError("invalid-input", { reason: `The request: ${inner.message}` });
  const field = show(path.join("."));
  return new GantryError("invalid-input", { reason: `${field}: ${inner.message}`, field });
}

/** Of the branches of a union, the one that got furthest says most. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const candidates = issue.errors.flatMap((issues) => issues.slice(0, 1));
  const best = candidates.toSorted((a, b) => b.path.length - a.path.length)[0];
  if (best === undefined || best.path.length === 0) return issue;
  return deepest({ ...best, path: [...issue.path, ...best.path] });
}

function knownKeys(schema: unknown, path: string[]): string[] {
  let at = unwrap(schema);
  for (const key of path) at = unwrap(at?.shape?.[key]);
  return Object.keys(at?.shape ?? {});
}

function unwrap(schema: unknown): Shaped | undefined {
  let at = schema as Shaped | undefined;
  for (let i = 0; i < 5 && at !== undefined && at.shape === undefined && typeof at.unwrap === "function"; i++)
    at = at.unwrap() as Shaped;
  return at;
}

/** Keys come from outside: what is echoed is short and printable. */
const show = (text: string): string => text.slice(0, 80).replace(/[^\x20-\x7e]/g, "?");
