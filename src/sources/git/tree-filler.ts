// Puts contents of git's objects into a tree, small ones a few at a time: most of the time of each is waiting for the disk.
import type { TreeWriter } from "../../domain/code-store.ts";
import type { Blobs } from "./blobs.ts";
import type { LinkedFile } from "./links.ts";

export interface TreeFiller {
  /** Returns when the content has been read, which may be before it is stored; a failure is thrown by a later call. */
  add(path: string, file: Pick<LinkedFile, "oid" | "executable">): Promise<void>;
  /** Waits until all are stored. Throws the first failure. */
  finish(): Promise<void>;
  /** Files that are only pointers to contents that Git LFS keeps. */
  readonly pointers: number;
}

const PLACES = 8;
/** The Git LFS specification: a pointer begins so, and is shorter than this. */
const [LFS, MAX_POINTER] = ["version https://git-lfs.github.com/spec/v1\n", 1_024];

export function createTreeFiller(blobs: Blobs, writer: TreeWriter): TreeFiller {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | null = null;
  let pointers = 0;

  const begin = (adding: Promise<void>): void => {
    const job = adding.then(
      () => void running.delete(job),
      (error: unknown) => {
        running.delete(job);
        failure ??= { error };
      },
    );
    running.add(job);
  };
  const room = async (most: number): Promise<void> => {
    while (running.size > most) await Promise.race(running);
    if (failure !== null) throw failure.error;
  };
  return {
    get pointers() {
      return pointers;
    },
    async add(path, { oid, executable }) {
      await room(PLACES - 1);
      const content = await blobs.read(oid);
      begin(writer.add(path, content, { executable }));
      if (!(content instanceof Uint8Array)) await room(0);
      else if (content.length < MAX_POINTER && content.toString("latin1").startsWith(LFS)) pointers++;
    },
    finish: () => room(0),
  };
}
