// The contract of everything that brings code into Gantry.
import type { TreeWriter } from "./code-store.ts";
import type { TemplateFolder } from "./template.ts";

export interface GitOrder {
  url: string;
  /** Branch, tag or commit; null: the default branch. */
  ref: string | null;
  /** In clear, for this fetch only; never in arguments, logs or errors. */
  credential: GitCredential | null;
  signal?: AbortSignal;
  /** One line of progress. */
  onProgress: (line: string) => void;
}

/** `token`: user and password (or token) for https; `key`: a private SSH key in OpenSSH format. */
export type GitCredential =
  | { type: "token"; username: string; password: string }
  | { type: "key"; privateKey: string };

/** All of them add the files to `writer`, and neither seal nor abort it. */
export interface Sources {
  /** A ZIP file on disk. A single folder that holds all else is taken off. Throws `invalid-archive`, `too-large`. */
  zip(file: string, writer: TreeWriter, signal?: AbortSignal): Promise<void>;
  /** Returns the commit (40 hex digits) and its first message line. Throws `git-failed` with a sentence for people. */
  git(order: GitOrder, writer: TreeWriter): Promise<{ commit: string; message: string }>;
  /** A folder as it is now, without what `.gitignore` and `.gantryignore` name, `.git`, environments and caches. */
  folder(path: string, writer: TreeWriter, signal?: AbortSignal): Promise<void>;
  /** Built-in and own templates by name; of two with one name only the own one. `folder` reads one. */
  templates(): Promise<TemplateFolder[]>;
}
