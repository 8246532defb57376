// Brings the files of one commit of a Git repository into a tree. Nothing of the repository is ever run or checked out.
import type { TreeWriter } from "../../domain/code-store.ts";
import { formatDuration } from "../../domain/duration.ts";
import { GantryError } from "../../domain/errors.ts";
import { checkGitCredential } from "../../domain/git-credential.ts";
import { checkGitRef } from "../../domain/git-ref.ts";
import { parseGitUrl } from "../../domain/git-url.ts";
import type { GitOrder, Sources } from "../../domain/source.ts";
import { cleanLine } from "./explain.ts";
import { findCommit } from "./find-commit.ts";
import { createProgress } from "./progress.ts";
import { readCommit } from "./read-commit.ts";
import { createGit, type Git, type GitLimits } from "./run-git.ts";
import { makeWorkplace, pruneWorkplaces } from "./workplace.ts";

export interface GitSourceOptions {
  /** GANTRY_HOME. Fetches work in `git/fetches`; `git/known_hosts` keeps the keys of SSH hosts. */
  home: string;
  /** SSH without a credential may use the person's own keys and agent: for one person's machine. Default: true. */
  personalKeys?: boolean;
  /** For tests. */
  limits?: Partial<GitLimits & { totalMs: number }>;
}

/** A repository may be so many times as large as the tree that it is read into. */
const REPOSITORY_FACTOR = 4;
const STALL_MS = 90_000;
const TOTAL_MS = 15 * 60_000;
const MAX_MESSAGE = 500;

/** Also removes what fetches of a daemon that was killed left: call it once, with the home's lock held. */
export function createGitSource(options: GitSourceOptions): Sources["git"] {
  const pruned = pruneWorkplaces(options.home).catch(() => {});
  return async (order, writer) => {
    await pruned;
    return await fetchGit(order, writer, options);
  };
}

/** See `Sources.git`. Also throws `too-large`, `disk-full`, `invalid-input`, and the reason of the order's signal. */
export async function fetchGit(
  order: GitOrder,
  writer: TreeWriter,
  options: GitSourceOptions,
): Promise<{ commit: string; message: string }> {
  order.signal?.throwIfAborted();
  const location = parseGitUrl(order.url);
  const ref = order.ref === null ? null : checkGitRef(order.ref);
  const credential = order.credential ?? location.credential;
  if (credential !== null) checkGitCredential(credential, location);
  const { home, personalKeys = true, limits = {} } = options;
  const place = await makeWorkplace({ home, location, credential, personalKeys });
  const deadline = createDeadline(limits.totalMs ?? TOTAL_MS);
  try {
    const signal =
      order.signal === undefined ? deadline.signal : AbortSignal.any([order.signal, deadline.signal]);
    const { maxBytes = writer.limits.maxBytes * REPOSITORY_FACTOR, stallMs = STALL_MS } = limits;
    const progress = createProgress(order.onProgress, place.secrets);
    const git = createGit(place, { maxBytes, stallMs }, signal, progress);
    order.onProgress(`Fetching ${ref ?? "the default branch"} of ${location.url}`);
    await git.run(["init", "--quiet", "--bare", "--template=", place.repository]);
    const commit = await findCommit(git, ref);
    await readCommit(git, commit, writer, order.onProgress);
    return { commit, message: await messageOf(git, commit) };
  } catch (error) {
    order.signal?.throwIfAborted();
    deadline.signal.throwIfAborted();
    throw error;
  } finally {
    deadline.end();
    await place.remove();
  }
}

function createDeadline(totalMs: number) {
  const over = new AbortController();
  const reason = `it takes longer than ${formatDuration(totalMs)}`;
  const timer = setTimeout(() => over.abort(new GantryError("git-failed", { reason })), totalMs);
  return { signal: over.signal, end: () => clearTimeout(timer) };
}

/** The first line; empty where there is none. */
async function messageOf(git: Git, commit: string): Promise<string> {
  const { stdout } = await git.run(["log", "-1", "--no-patch", "--format=%B", commit]);
  const line = stdout.split("\n").find((each) => each.trim() !== "") ?? "";
  return cleanLine(line, git.place.secrets).slice(0, MAX_MESSAGE);
}
