// Git repositories for tests: made from plain texts, or out of objects that no honest git would write.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const ENV = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
};

/** One row of a tree: `mode type object\tname`. */
export interface Row {
  mode: "100644" | "100755" | "120000" | "160000" | "040000";
  name: string;
  object: string;
}

/** A bare repository whose default branch is `main`; `work` is a working tree beside it. */
export function gitRepository() {
  const top = mkdtempSync(join(tmpdir(), "gantry-git-"));
  const [dir, work] = [join(top, "repo.git"), join(top, "work")];
  mkdirSync(work);
  const git = (args: readonly string[], input: string | Buffer = ""): string =>
    execFileSync("git", args, {
      cwd: work,
      env: { ...ENV, GIT_DIR: dir, ...(args[0] === "init" ? {} : { GIT_WORK_TREE: work }) },
      input,
      maxBuffer: 2 ** 28,
      stdio: ["pipe", "pipe", "pipe"],
    })
      .toString()
      .trim();
  git(["init", "--quiet", "--bare", "--initial-branch=main", dir]);
  return {
    dir,
    work,
    url: `file://${dir}`,
    git,
    /** Writes these files (path → text), commits them on `main`, and returns the commit. */
    commit(files: Record<string, string | Buffer>, message = "First"): string {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        writeFileSync(join(work, path), text);
      }
      git(["add", "--all", "--force"]);
      git(["commit", "--quiet", "--allow-empty", "-m", message]);
      return git(["rev-parse", "HEAD"]);
    },
    blob: (text: string | Buffer): string => git(["hash-object", "-w", "--stdin"], text),
    /** A tree of these rows, whatever they are called. */
    tree: (rows: readonly Row[]): string => {
      const content = Buffer.concat(
        [...rows]
          .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
          .map(({ mode, name, object }) =>
            Buffer.concat([Buffer.from(`${mode.replace(/^0/, "")} ${name}\0`), Buffer.from(object, "hex")]),
          ),
      );
      return git(["hash-object", "-w", "--literally", "-t", "tree", "--stdin"], content);
    },
    /** Makes `tree` the content of `main`. */
    commitTree(tree: string, message = "Trick"): string {
      const commit = git(["commit-tree", tree, "-m", message]);
      git(["update-ref", "refs/heads/main", commit]);
      return commit;
    },
    end: () => rmSync(top, { recursive: true, force: true }),
  };
}

export type GitRepository = ReturnType<typeof gitRepository>;
