// Fetches the one commit that a branch, tag, commit or nothing at all names: as little as the server allows.
import { join } from "node:path";
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";
import { nearNames } from "./near-names.ts";
import type { Git } from "./run-git.ts";

/** Where the fetched commit (or its tag) is put: no name of the server's is ever used here. */
const FETCHED = "refs/gantry/fetched";
const FULL = /^[0-9a-f]{40}$/i;
const ABBREVIATED = /^[0-9a-f]{7,40}$/i;
const FETCH = ["fetch", "--progress", "--no-tags", "--no-recurse-submodules"];

const isMissing = (lines: readonly string[]): boolean =>
  lines.some((line) => /^fatal: couldn't find remote ref /i.test(line));
/** Protocol 2 says so when there is no such object, older ones also when it is no tip. */
const isRefused = (lines: readonly string[]): boolean =>
  isMissing(lines) ||
  lines.some((line) =>
    /not our ref|unadvertised object|no such remote ref|not found in upstream/i.test(line),
  );

/**
 * The full name of the commit, which is in the workplace's repository with all its files. Branches come before tags, tags before
 * commits. Throws `git-failed`; where the name is unknown, with names that are near.
 */
export async function findCommit(git: Git, ref: string | null): Promise<string> {
  if (ref === null || ref === "HEAD") return await fetchDefault(git);
  if (FULL.test(ref) && (await fetchShallow(git, ref.toLowerCase()))) return await commitOf(git, ref);
  const names = ref.startsWith("refs/") ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  for (const name of names) if (await fetchShallow(git, name)) return await commitOf(git, ref);
  const tips = await listTips(git);
  if (ABBREVIATED.test(ref) && tips.length > 0) {
    const found = await searchHistory(git, ref.toLowerCase());
    if (found !== null) return found;
  }
  throw unknownRef(ref, tips);
}

async function fetchDefault(git: Git): Promise<string> {
  if (await fetchShallow(git, "HEAD")) return await commitOf(git, "HEAD");
  const tips = await listTips(git);
  if (tips.length === 0) throw new GantryError("git-failed", { reason: "it is empty" });
  const hint = `Name one: ${nearNames("main", tips).join(", ")}`;
  throw new GantryError("git-failed", { reason: "it has no default branch", hint, field: "ref" });
}

/** False when the server has no such name. */
async function fetchShallow(git: Git, source: string, depth = 1): Promise<boolean> {
  const accept = FULL.test(source) ? isRefused : isMissing;
  const { code } = await git.run([...FETCH, `--depth=${depth}`, "origin", `+${source}:${FETCHED}`], {
    accept,
  });
  return code === 0;
}

async function commitOf(git: Git, ref: string): Promise<string> {
  const { stdout } = await git.run(["rev-parse", "--verify", "--quiet", `${FETCHED}^{commit}`], {
    accept: () => true,
  });
  const commit = stdout.trim();
  if (FULL.test(commit)) return commit;
  throw new GantryError("git-failed", { reason: `${shown(ref)} is no commit`, field: "ref" });
}

/** Names of all branches and tags. */
async function listTips(git: Git): Promise<string[]> {
  const { stdout } = await git.run(["ls-remote", "--quiet", "--heads", "--tags", "--refs", "origin"]);
  return stdout
    .split("\n")
    .flatMap((line) => /^[0-9a-f]{40}\trefs\/(?:heads|tags)\/(.+)$/.exec(line)?.[1] ?? []);
}

/** Looks `wanted` up among all commits, in a repository that gets no files where the server can leave them out. */
async function searchHistory(git: Git, wanted: string): Promise<string | null> {
  const repository = join(git.place.dir, "history");
  await git.run(["init", "--quiet", "--bare", "--template=", repository], { repository });
  const all = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
  await git.run([...FETCH, "--filter=tree:0", "origin", ...all], { repository });
  const found = await git.run(["rev-parse", "--verify", "--end-of-options", `${wanted}^{commit}`], {
    repository,
    accept: () => true,
  });
  if (found.lines.some((line) => /is ambiguous/.test(line))) throw ambiguous(wanted);
  const commit = found.stdout.trim();
  if (found.code !== 0 || !FULL.test(commit)) return null;
  if (!(await fetchShallow(git, commit)) && !(await fetchAround(git, repository, commit))) return null;
  return commit;
}

/** Fetches `commit` by way of a branch or tag above it, so deep that it is there. */
async function fetchAround(git: Git, repository: string, commit: string): Promise<boolean> {
  const above = await git.run(["for-each-ref", `--contains=${commit}`, "--format=%(refname)"], {
    repository,
  });
  let best: { name: string; depth: number } | null = null;
  for (const name of above.stdout
    .split("\n")
    .filter((line) => line !== "")
    .slice(0, 50)) {
    const { stdout } = await git.run(["rev-list", "--count", `${commit}..${name}`], { repository });
    const depth = Number(stdout) + 1;
    if (best === null || depth < best.depth) best = { name, depth };
  }
  return best !== null && (await fetchShallow(git, best.name, best.depth));
}

const ambiguous = (ref: string): GantryError =>
  new GantryError("git-failed", {
    reason: `several commits begin with ${ref}`,
    hint: "Write more of its digits.",
    field: "ref",
  });

function unknownRef(ref: string, tips: readonly string[]): GantryError {
  const near = nearNames(ref, tips);
  const reason = `it has no branch, tag or commit ${shown(ref)}`;
  const hint =
    tips.length === 0
      ? "It is empty."
      : tips.length <= near.length
        ? `It has ${near.join(", ")}.`
        : near.length > 0
          ? `Did you mean ${near.join(", ")}?`
          : undefined;
  return new GantryError("git-failed", { reason, hint, field: "ref" });
}
