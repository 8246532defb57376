// Copies what an app has written, before a new release of it may change it.
import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readdir, readlink, rename, rm, statfs, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import type { App } from "../domain/app.ts";
import type { EventType } from "../domain/event.ts";
import { formatSize } from "../domain/size.ts";
import { folderOfApp } from "./app-folder.ts";

const MAX_BYTES = 1_073_741_824;
const MAX_ENTRIES = 200_000;
/** So much of the disk stays free for others. */
const SPARE_BYTES = 268_435_456;
const PART = ".part";
const NAME = /^\d{8}T\d{6}Z-before-release-\d+(-\d+)?$/;

/** `backups/<name>/<time>-before-release-<number>`. Never fails a deploy: where it can't be made, an event says why. */
export async function backUpData(
  context: Context,
  app: App,
  number: number,
  signal: AbortSignal,
): Promise<void> {
  const data = join(folderOfApp(context, app), "data");
  const backups = join(context.settings.home, "backups", app.name);
  const tell = (type: EventType, message: string): void =>
    void context.store.record({ events: [{ type, appId: app.id, actor: "daemon", message }] });
  try {
    const entries = await list(data, signal);
    if (entries.length === 0) return;
    const problem = await refusal(context, entries);
    if (problem !== null)
      return tell(
        "backup.skipped",
        `the data of ${app.name} was not backed up before release ${number}: ${problem}`,
      );
    const name = await copy(
      entries,
      data,
      backups,
      `${stamp(context.clock.now())}-before-release-${number}`,
      signal,
    );
    tell("backup.made", `the data of ${app.name} was backed up: ${name}`);
    await prune(backups, context.settings.backupRetention);
  } catch (error) {
    signal.throwIfAborted();
    const { code = String(error) } = error as NodeJS.ErrnoException;
    tell("backup.skipped", `the data of ${app.name} was not backed up before release ${number}: ${code}`);
  }
}

interface Entry {
  /** Relative to the data folder. */
  path: string;
  kind: "folder" | "file" | "link";
  bytes: number;
}

/** Folders before what is in them. Sockets and the like are no data. */
async function list(folder: string, signal: AbortSignal): Promise<Entry[]> {
  const found: Entry[] = [];
  const waiting = [""];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    signal.throwIfAborted();
    for (const name of await readdir(join(folder, at)).catch(ifMissing([]))) {
      const path = join(at, name);
      const facts = await lstat(join(folder, path)).catch(ifMissing(null));
      if (facts === null) continue;
      if (facts.isDirectory()) waiting.push(path);
      const kind = facts.isDirectory()
        ? "folder"
        : facts.isFile()
          ? "file"
          : facts.isSymbolicLink()
            ? "link"
            : null;
      if (kind !== null) found.push({ path, kind, bytes: kind === "file" ? facts.size : 0 });
      if (found.length > MAX_ENTRIES) return found;
    }
  }
  return found;
}

async function refusal({ settings }: Context, entries: Entry[]): Promise<string | null> {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (entries.length > MAX_ENTRIES) return `it has more than ${MAX_ENTRIES} files`;
  if (bytes > MAX_BYTES) return `it is larger than ${formatSize(MAX_BYTES)}`;
  const { bavail, bsize } = await statfs(settings.home);
  return bytes + SPARE_BYTES > bavail * bsize ? "too little of the disk is free" : null;
}

/** Under its name only when it is whole. */
async function copy(
  entries: Entry[],
  data: string,
  backups: string,
  wanted: string,
  signal: AbortSignal,
): Promise<string> {
  const draft = join(backups, `.${wanted}${PART}`);
  await removeParts(backups);
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    for (const { path, kind } of entries) {
      signal.throwIfAborted();
      const [from, to] = [join(data, path), join(draft, path)];
      if (kind === "folder") await mkdir(to, { recursive: true, mode: 0o700 });
      else await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      // What the app has removed meanwhile is not missed.
      if (kind === "file") await copyFile(from, to, constants.COPYFILE_FICLONE).catch(ifMissing(undefined));
      if (kind === "link") await symlink(await readlink(from), to);
    }
    return await place(draft, backups, wanted);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** What a killed daemon left: there is one deployment of an app at a time. */
async function removeParts(backups: string): Promise<void> {
  for (const name of await readdir(backups).catch(ifMissing([])))
    if (name.startsWith(".") && name.endsWith(PART))
      await rm(join(backups, name), { recursive: true, force: true });
}

async function place(draft: string, backups: string, wanted: string): Promise<string> {
  const taken = new Set(await readdir(backups));
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  await rename(draft, join(backups, name));
  return name;
}

async function prune(backups: string, kept: number): Promise<void> {
  const names = (await readdir(backups)).filter((name) => NAME.test(name)).sort();
  for (const name of names.slice(0, -kept)) await rm(join(backups, name), { recursive: true, force: true });
}

const ifMissing =
  <Value>(value: Value) =>
  (error: NodeJS.ErrnoException): Value => {
    if (error.code === "ENOENT") return value;
    throw error;
  };

/** 20260102T030405Z: sorts, and is a file name everywhere. */
const stamp = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
