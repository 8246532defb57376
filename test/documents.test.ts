// The documents tell of everything that there is, and their links lead somewhere.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { COMMANDS } from "../src/cli/commands/index.ts";
import { configDefaults } from "../src/domain/config-patch.ts";
import { parseManifest } from "../src/domain/manifest.ts";
import { ALL_KEYS, SECTIONS } from "../src/domain/manifest-keys.ts";
import { parseSettings } from "../src/domain/settings.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const DOCUMENTS = globSync(["*.md", "docs/**/*.md", "changes/*.md"], { cwd: ROOT });

test("README begins with the two commands, and none but those", () => {
  const [, block] = /```sh\n([^`]*)```/.exec(read("README.md")) ?? [];
  expect(block).toBe("npm ci\nnpm start\n");
});

test("README names every command", () => {
  const text = read("README.md");
  expect(
    COMMANDS.map(({ name }) => name).filter((name) => !new RegExp(`\`[^\`]*\\b${name}\\b`).test(text)),
  ).toEqual([]);
});

test("docs/manifest.md explains every key of the manifest", () => {
  const text = read("docs/manifest.md");
  const inner = Object.values(SECTIONS).flatMap(({ keys }) => Object.keys(keys));
  expect([...ALL_KEYS, ...inner].filter((key) => !new RegExp(`\\b${key}\\b`).test(text))).toEqual([]);
});

test.each(["README.md", "docs/manifest.md", "docs/hooks.md"])(
  "what %s shows of a manifest is one",
  (path) => {
    const shown = [...read(path).matchAll(/```yaml\n([^`]*)```/g)].map(([, text]) => text ?? "");
    expect(shown.length).toBeGreaterThan(0);
    const defaults = configDefaults(parseSettings("/home", {}));
    for (const text of shown) expect(parseManifest(text, path, defaults)).not.toEqual([]);
  },
);

test("docs/settings.md explains every setting", () => {
  const known = [...read("src/domain/settings.ts").matchAll(/^ {4}(GANTRY_\w+):/gm)].map(([, name]) => name);
  expect(known.length).toBeGreaterThan(10);
  expect(known.filter((name) => !read("docs/settings.md").includes(`\`${name}\``))).toEqual([]);
});

test("links between documents lead somewhere", () => {
  const broken = DOCUMENTS.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
      .map(([, target]) => join(dirname(path), target ?? ""))
      .filter((target) => !existsSync(join(ROOT, target)))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test("nothing is left to be filled in", () => {
  expect(DOCUMENTS.filter((path) => /\b(TODO|TBD|FIXME|FIGURES|EXAMPLE)\b/.test(read(path)))).toEqual([]);
});
