// Files of code in requests: text as it is, everything else in Base64.
import * as z from "zod";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import type { FileChanges } from "../../operations/save-draft.ts";

const Content = z.union([
  z.string().describe("The whole text"),
  z.strictObject({
    text: z.exactOptional(z.string()),
    base64: z.exactOptional(z.string().describe("For what is no text")),
    executable: z.exactOptional(z.boolean()),
  }),
]);

export const Files = z.record(z.string(), Content).describe("By path within the code");
export const FilesPatch = z.record(z.string(), Content.nullable()).describe("By path; null removes a file");

/** Throws `invalid-input` with the path of the file. */
export function readFiles(files: z.infer<typeof FilesPatch>): FileChanges {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [
      path,
      content === null ? null : readContent(path, content),
    ]),
  );
}

function readContent(
  path: string,
  content: z.infer<typeof Content>,
): { content: Buffer; executable?: boolean } {
  if (typeof content === "string") return { content: Buffer.from(content) };
  const { text, base64, executable } = content;
  if ((text === undefined) === (base64 === undefined)) throw refuse(path, "it needs text or base64");
  if (
    base64 !== undefined &&
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64)
  )
    throw refuse(path, "its base64 is malformed");
  const bytes = text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text);
  return { content: bytes, ...(executable === undefined ? {} : { executable }) };
}

const refuse = (path: string, reason: string): GantryError =>
  new GantryError("invalid-input", { reason: `files: ${shown(path)}: ${reason}`, field: "files" });
