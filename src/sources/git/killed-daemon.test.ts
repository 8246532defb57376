// A daemon that is killed in the middle of a fetch: nothing goes on, and the next one clears up.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endless } from "../../../test/helpers/endless-fetch.ts";
import { gitBed } from "../../../test/helpers/git-bed.ts";
import { gitRepository } from "../../../test/helpers/git-repository.ts";
import { gitServer } from "../../../test/helpers/git-server.ts";
import { until } from "../../../test/helpers/until.ts";
import { createGitSource } from "./fetch-git.ts";

const FETCH = join(import.meta.dirname, "fetch-git.ts");

/** Command lines of the processes that work in `home`. */
const working = (home: string): string[] =>
  readdirSync("/proc").flatMap((pid) => {
    try {
      const mine = readFileSync(`/proc/${pid}/environ`, "utf8").includes(join(home, "git"));
      return mine ? [readFileSync(`/proc/${pid}/cmdline`, "utf8")] : [];
    } catch {
      return [];
    }
  });

test("a killed daemon's fetch ends at once, and its folder goes at the next start", async () => {
  const [bed, repo] = [gitBed(), gitRepository()];
  repo.commit({ x: "y" });
  const server = await gitServer({ root: join(repo.dir, ".."), intercept: endless(repo, () => {}) });
  const order = `{ url: ${JSON.stringify(server.url)}, ref: null, credential: null, onProgress() {} }`;
  const script = `const { fetchGit } = await import(${JSON.stringify(FETCH)});
    await fetchGit(${order}, { limits: { maxBytes: 1e9 } }, { home: ${JSON.stringify(bed.home)} });`;
  const daemon = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
  await until("git to wait for the pack", () =>
    working(bed.home).some((line) => line.includes("index-pack")),
  );
  daemon.kill("SIGKILL");
  await until("git to be gone", () => working(bed.home).length === 0);
  expect(bed.left()).toHaveLength(1);
  createGitSource({ home: bed.home });
  await until("the folder to be gone", () => bed.left().length === 0);
  await server.end();
  repo.end();
  bed.end();
});
