// Fills one tree: paths checked, limits kept, contents taken in; nothing is visible before it is sealed.
import { rmdirSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import type { Tree, TreeFile } from "../../domain/code.ts";
import type { TreeLimits, TreeWriter } from "../../domain/code-store.ts";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import { formatSize } from "../../domain/size.ts";
import { createTreePaths } from "../../domain/tree-paths.ts";
import { discard, told } from "./disk.ts";
import { type Content, Intake } from "./intake.ts";
import { sealTree } from "./seal-tree.ts";
import type { Shelf } from "./shelf.ts";
import { treeOf } from "./tree-list.ts";

export class OpenTree implements TreeWriter {
  readonly limits: TreeLimits;
  bytes = 0;
  files = 0;
  /** What is in it so far. */
  readonly list: TreeFile[] = [];
  #shelf: Shelf;
  #intake: Intake;
  #held = new Set<string>();
  #paths = createTreePaths();
  #running = new Set<Promise<unknown>>();
  #failure: Error | undefined;
  #state: "open" | "sealing" | "over" = "open";

  constructor(shelf: Shelf, limits: TreeLimits) {
    this.#shelf = shelf;
    this.limits = limits;
    this.#intake = new Intake(shelf, shelf.places.staging(), this.#held);
    shelf.held.add(this.#held);
    shelf.staged.add(this.#intake.dir);
  }

  async add(path: string, content: Content, options?: { executable?: boolean }): Promise<void> {
    await this.#run(async () => {
      try {
        this.#claim(path);
        const taken = await this.#intake.take(content, (bytes) => this.#grow(bytes));
        this.list.push({ path, executable: options?.executable ?? false, ...taken });
      } catch (error) {
        if (content instanceof Readable) content.on("error", () => {}).destroy();
        throw error;
      }
    });
  }

  async include({ path, bytes, hash, executable }: TreeFile): Promise<void> {
    await this.#run(async () => {
      this.#claim(path);
      this.#grow(bytes);
      if (!(await this.#intake.hold(hash, bytes)))
        throw new GantryError("code-missing", { what: shown(path) });
      this.list.push({ path, bytes, hash, executable });
    });
  }

  async seal(): Promise<Tree> {
    await Promise.allSettled(this.#running);
    this.#mustBeOpen();
    this.#state = "sealing";
    const tree = treeOf(this.list);
    await this.#run(() => sealTree(this.#shelf, this.#intake, tree));
    await this.#end();
    return tree;
  }

  async abort(): Promise<void> {
    if (this.#state === "open") this.#fail(new Error("the tree was given up"));
    await Promise.allSettled(this.#running);
    if (this.#state !== "over") await this.#end();
  }

  #mustBeOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#state !== "open") throw new Error("the tree is sealed");
  }

  #claim(path: string): void {
    this.#mustBeOpen();
    const reason = this.#paths.add(path);
    if (reason !== null) throw new GantryError("invalid-path", { path: shown(path), reason });
    if (this.files === this.limits.maxFiles) throw tooLarge(`${this.limits.maxFiles} files`);
    this.files += 1;
  }

  #grow(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.limits.maxBytes) throw tooLarge(sizeShown(this.limits.maxBytes));
  }

  /** Does one thing; after a failure the last one that runs leaves nothing. */
  async #run(work: () => Promise<void>): Promise<void> {
    const job = work().catch((error: unknown) => {
      throw this.#fail(error);
    });
    this.#running.add(job);
    try {
      await job;
    } finally {
      this.#running.delete(job);
      const last = this.#running.size === 0 && this.#state !== "over";
      if (this.#failure !== undefined && last) await this.#end();
    }
  }

  #fail(error: unknown): Error {
    const reason = told(error);
    this.#failure ??= reason instanceof Error ? reason : new Error(String(reason));
    this.#intake.stop(this.#failure);
    return this.#failure;
  }

  async #end(): Promise<void> {
    this.#state = "over";
    await discard(this.#intake.dir);
    this.#shelf.held.delete(this.#held);
    this.#shelf.staged.delete(this.#intake.dir);
    if (this.#failure !== undefined) removeEmpty(this.#shelf);
  }
}

/** The folders of an app of which nothing was ever stored: it may not come to be. At once, so that no other writer makes them meanwhile. */
function removeEmpty({ places, staged }: Shelf): void {
  if (staged.size > 0) return;
  try {
    for (const folder of [places.incoming, places.root, dirname(places.root)]) rmdirSync(folder);
  } catch {
    // It is in use.
  }
}

const tooLarge = (limit: string): GantryError => new GantryError("too-large", { what: "The code", limit });

const sizeShown = (bytes: number): string =>
  bytes % 2 ** 20 === 0 ? `${bytes / 2 ** 20} MiB` : formatSize(bytes);
