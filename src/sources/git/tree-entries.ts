// Lists a commit's tree while git prints it: however large it is, only a piece of it is in memory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import type { Git } from "./run-git.ts";

export interface TreeEntry {
  kind: "file" | "link" | "submodule";
  path: string;
  /** Name of its content. */
  oid: string;
  executable: boolean;
}

/** A longer entry has a path that no file can have. */
const MAX_ENTRY = 16 * 1_024;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** All but folders, depth first. Ends git when the caller stops asking. Throws `git-failed`, `invalid-path`. */
export async function* treeEntries(git: Git, commit: string): AsyncGenerator<TreeEntry> {
  const child = spawn("git", ["ls-tree", "-r", "-z", "--full-tree", commit], {
    cwd: git.place.dir,
    env: git.place.env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "close");
  ended.catch(() => {});
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      git.signal.throwIfAborted();
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0, from)) {
        yield parseEntry(rest.subarray(from, end));
        from = end + 1;
      }
      rest = rest.subarray(from);
      if (rest.length > MAX_ENTRY) throw damaged("a path in it is too long");
    }
    const [code] = await ended;
    if (code !== 0 || rest.length > 0) throw damaged("its list of files can't be read");
  } finally {
    child.kill("SIGKILL");
  }
}

const damaged = (reason: string): GantryError => new GantryError("git-failed", { reason });

/** `<mode> <type> <object>\t<path>` */
function parseEntry(line: Buffer): TreeEntry {
  const tab = line.indexOf(9);
  const [mode, type, oid] = line.subarray(0, tab).toString("latin1").split(" ");
  const path = decodePath(line.subarray(tab + 1));
  if (tab < 0 || mode === undefined || oid === undefined) throw damaged("its list of files can't be read");
  if (type === "commit") return { kind: "submodule", path, oid, executable: false };
  if (type !== "blob") throw damaged(`${shown(path)} in it is no file`);
  if (mode === "120000") return { kind: "link", path, oid, executable: false };
  return { kind: "file", path, oid, executable: (Number.parseInt(mode, 8) & 0o111) !== 0 };
}

function decodePath(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    const path = shown(bytes.toString("latin1"));
    throw new GantryError("invalid-path", { path, reason: "it is not UTF-8" });
  }
}
