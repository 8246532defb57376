// Pieces of schemas that several nouns need.
import * as z from "zod";
import type { ErrorDocument } from "../../domain/errors.ts";

/** The one form of errors. */
export const Problem = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      field: z.exactOptional(z.string()),
      hint: z.exactOptional(z.string()),
      id: z.exactOptional(z.string()).describe("Of a bug: Gantry's log tells more under this id"),
    }),
  })
  .meta({ id: "Problem" }) satisfies z.ZodType<ErrorDocument>;

/** The answers of a route: the good one, and the error document for all others. */
export const answers = <Status extends number, Schema extends z.ZodType>(status: Status, schema: Schema) =>
  ({ [status]: schema, default: Problem }) as { [K in Status]: Schema } & { default: typeof Problem };

/** An app's id or name. Whether it exists is asked later. */
export const AppParams = z.strictObject({ id: z.string().min(1).max(80).describe("Id or name of the app") });

/** Of this machine. */
export const AbsolutePath = z.string().min(1).max(4_096).startsWith("/", "it must be an absolute path");

export const NoQuery = z.strictObject({});

/** A body that may be left out; openapi.json says so. */
export const optionalBody = <Schema extends z.ZodObject>(schema: Schema) =>
  schema.optional().meta({ "x-optional": true });

/** For actions that need no body: none, or an empty object. */
export const NoBody = optionalBody(z.strictObject({}));

/** `true` or `false` in a query. */
export const flag = (description: string) =>
  z
    .enum(["true", "false"])
    .default("false")
    .transform((text) => text === "true")
    .describe(description);

/** A whole number in a query. */
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, "it must be a whole number")
    .transform(Number)
    .refine((value) => value >= min && value <= max, `it must be from ${min} to ${max}`)
    .meta({ type: "integer", minimum: min, maximum: max, pattern: undefined });

const FORCE = "Go on where Gantry would refuse for safety";

/** Whether to go on, for changes and deletes. */
export const ForceQuery = z.strictObject({ force: flag(FORCE) });

/** Whether to go on, for actions. */
export const ForceBody = optionalBody(z.strictObject({ force: z.boolean().default(false).describe(FORCE) }));

export const Time = z.string().describe("ISO 8601, UTC");
