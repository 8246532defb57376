// `--zip`: sends an archive to the daemon, from disk or from stdin, and tells how far it is.

import type { Data } from "../../client/api-types.ts";
import { type FormFile, formOf } from "../../client/form.ts";
import { harmless } from "../../lib/harmless-text.ts";
import { Failure } from "../failure.ts";
import { onInterrupt, withProgress } from "../progress.ts";
import { size } from "../quantity.ts";
import type { Session } from "../session.ts";

export type Delivered = Data<"POST", "/api/apps/upload/zip">;

/** `-` is stdin. Throws `invalid` for what is no file, before anything is sent. */
export function archiveFile(path: string, session: Pick<Session, "cwd">): FormFile {
  if (path === "-") return { filename: "stdin.zip", size: null, open: () => process.stdin };
  const { resolve, basename } = process.getBuiltinModule("node:path");
  const { createReadStream, statSync } = process.getBuiltinModule("node:fs");
  const absolute = resolve(session.cwd, path);
  const refuse = (problem: string, hint?: string) =>
    new Failure("invalid", `${JSON.stringify(path)} ${problem}`, {
      code: "invalid-path",
      field: "zip",
      hint,
    });
  if (path === "") throw refuse("is no file");
  const open = () => createReadStream(absolute);
  try {
    const stat = statSync(absolute);
    if (stat.isDirectory()) throw refuse("is a folder", `Use --path ${path}.`);
    return { filename: basename(absolute), size: stat.isFile() ? stat.size : null, open };
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw refuse(code === "ENOENT" || code === "ENOTDIR" ? "does not exist" : `can't be read (${code})`);
  }
}

/** Ctrl-C on the way ends the sending, and nothing was deployed. */
export async function sendArchive(
  file: FormFile,
  fields: Record<string, string>,
  session: Session,
): Promise<Delivered> {
  const { out } = session;
  let sent = 0;
  const form = formOf(fields, file, (bytes) => {
    sent = bytes;
  });
  const isSent = () => sent === file.size;
  onInterrupt(out, () =>
    isSent()
      ? "It may be deployed all the same: gantry deployments shows it."
      : "It was not sent to its end: nothing was deployed.",
  );
  const name = harmless(file.filename);
  const doing = () => (isSent() ? `Unpacking ${name}` : `Sending ${name}: ${howFar(sent, file.size)}`);
  try {
    return await withProgress(out, doing, session.daemon().upload("/api/apps/upload/zip", form));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (error instanceof Failure || syscall === undefined) throw error;
    throw new Failure("invalid", `${name} can't be read (${code})`, { code: "invalid-path", field: "zip" });
  }
}

const howFar = (sent: number, all: number | null): string =>
  all === null || all === 0
    ? size(sent)
    : `${size(sent)} of ${size(all)} (${Math.floor((sent / all) * 100)} %)`;
