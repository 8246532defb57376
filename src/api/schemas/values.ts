// Variables and secrets as requests and answers have them: objects of name and value.
import * as z from "zod";

const Value = z.string().describe("Any text without NUL, up to 128 KiB");

export const Values = z.record(z.string(), Value);

export const ValuesPatch = z
  .record(z.string(), Value.nullable())
  .describe("What is named is set, or removed with null; all else stays");

export const OneValue = z.object({ name: z.string(), value: z.string() });

export const ValueBody = z.strictObject({ value: Value });

export const ImportBody = z.strictObject({
  text: z.string().describe("What is in the .env file"),
  file: z.string().max(200).default(".env").describe("Its name, for messages"),
  kind: z.enum(["env", "secrets"]).default("env").describe("What the variables become"),
});
