// Takes in files without storing them: for what is looked at, and changed, before it becomes code.
import { Readable } from "node:stream";
import type { Tree } from "../domain/code.ts";
import type { TreeLimits, TreeWriter } from "../domain/code-store.ts";
import { GantryError } from "../domain/errors.ts";
import { shown } from "../domain/shown.ts";
import { formatSize } from "../domain/size.ts";
import type { TemplateFile } from "../domain/template.ts";
import { createTreePaths } from "../domain/tree-paths.ts";

type Content = Parameters<TreeWriter["add"]>[1];

/** Holds all of it in memory: for small limits. Can't be sealed. `what` is too large when the limits are exceeded. */
export class FileCollector implements TreeWriter {
  readonly limits: TreeLimits;
  readonly collected = new Map<string, TemplateFile>();
  bytes = 0;
  files = 0;
  #what: string;
  #paths = createTreePaths();

  constructor(limits: TreeLimits, what: string) {
    this.limits = limits;
    this.#what = what;
  }

  async add(path: string, content: Content, { executable = false } = {}): Promise<void> {
    const reason = this.#paths.add(path);
    if (reason !== null) throw new GantryError("invalid-path", { path: shown(path), reason });
    if (++this.files > this.limits.maxFiles) throw this.#tooLarge(`${this.limits.maxFiles} files`);
    const pieces: Buffer[] = [];
    for await (const piece of content instanceof Readable ? content : [content]) {
      const bytes = Buffer.from(piece as string | Uint8Array);
      this.bytes += bytes.length;
      if (this.bytes > this.limits.maxBytes) throw this.#tooLarge(formatSize(this.limits.maxBytes));
      pieces.push(bytes);
    }
    this.collected.set(path, { content: Buffer.concat(pieces), executable });
  }

  #tooLarge(limit: string): GantryError {
    return new GantryError("too-large", { what: this.#what, limit });
  }

  include(): Promise<void> {
    return Promise.reject(new Error("there are no earlier trees"));
  }

  seal(): Promise<Tree> {
    return Promise.reject(new Error("what is only looked at can't be sealed"));
  }

  async abort(): Promise<void> {
    this.collected.clear();
  }
}
