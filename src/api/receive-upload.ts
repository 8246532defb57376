// Takes in a form with a file (multipart/form-data, RFC 7578): the file goes to disk while it comes.
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { FastifyRequest } from "fastify";
import { GantryError } from "../domain/errors.ts";
import { newId } from "../lib/id.ts";
import { HttpProblem } from "./problem.ts";

const MAX_FIELD_BYTES = 1_048_576;
const MAX_FIELDS = 20;

export interface Upload {
  /** Absolute path; removed by `done`. */
  file: string;
  /** As the sender calls it; never a path. */
  filename: string | null;
  fields: Record<string, string>;
}

/** Where uploads lie while they are taken in; emptied when the daemon starts. */
export const uploadsFolder = (home: string): string => join(home, "uploads");

/**
 * Calls `work` with the whole upload, and removes the file afterwards, whatever happens. Throws `too-large`, `disk-full`, and
 * `malformed` when there is not exactly one file in it, or the sender went away.
 */
export async function receiveUpload<Result>(
  request: FastifyRequest,
  { home, maxBytes }: { home: string; maxBytes: number },
  work: (upload: Upload) => Promise<Result>,
): Promise<Result> {
  if (!request.isMultipart()) throw new HttpProblem("wrong-type", { expected: "multipart/form-data" });
  if (Number(request.headers["content-length"]) > maxBytes + MAX_FIELD_BYTES * 2) throw tooLarge(maxBytes);
  await mkdir(uploadsFolder(home), { recursive: true, mode: 0o700 });
  const file = join(uploadsFolder(home), newId("u", Date.now()));
  try {
    return await work(await readParts(request, file, maxBytes));
  } catch (error) {
    throw told(error, maxBytes);
  } finally {
    await rm(file, { force: true });
  }
}

async function readParts(request: FastifyRequest, file: string, maxBytes: number): Promise<Upload> {
  const fields: Record<string, string> = {};
  let filename: string | null | undefined;
  const limits = { fileSize: maxBytes, files: 1, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES };
  for await (const part of request.parts({ limits })) {
    if (part.type === "file") {
      filename = plainName(part.filename);
      // At once, not at its end: there may be none.
      part.file.once("limit", () => part.file.destroy(tooLarge(maxBytes)));
      await pipeline(part.file, createWriteStream(file, { flags: "wx", mode: 0o600 }));
    } else if (part.valueTruncated) throw new HttpProblem("malformed", { reason: "a field is too long" });
    else fields[part.fieldname] = String(part.value);
  }
  if (filename === undefined) throw new HttpProblem("malformed", { reason: "there is no file in the form" });
  return { file, filename, fields };
}

const plainName = (name: string | undefined): string | null =>
  name
    ?.replace(/^.*[/\\]/, "")
    .replace(/\p{Cc}/gu, "")
    .slice(0, 255) || null;

const tooLarge = (maxBytes: number): GantryError =>
  new GantryError("too-large", {
    what: "The upload",
    limit: `${Math.floor(maxBytes / 1_048_576)} MiB`,
    hint: "GANTRY_MAX_UPLOAD_MB sets the limit.",
  });

function told(error: unknown, maxBytes: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return new GantryError("disk-full", {}, error);
  if (code === "FST_REQ_FILE_TOO_LARGE") return tooLarge(maxBytes);
  if (code === "ECONNRESET") return new HttpProblem("malformed", { reason: "the sender went away" });
  if (typeof code === "string" && (code.startsWith("FST_") || code === "ERR_STREAM_PREMATURE_CLOSE"))
    return new HttpProblem("malformed", { reason: `the form can't be read (${(error as Error).message})` });
  const isForm = error instanceof Error && /multipart|boundary|part/i.test(error.message);
  return isForm && !(error instanceof GantryError) && !(error instanceof HttpProblem)
    ? new HttpProblem("malformed", { reason: "the form ends in the middle or is malformed" })
    : error;
}
