// What holds for all commands, and what is made from them.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { painter } from "./colour.ts";
import { type Command, type CommandEntry, GLOBAL_OPTIONS } from "./command.ts";
import { COMMANDS, LATER } from "./commands/index.ts";
import { completionScript } from "./completion-script.ts";
import { commandHelp, overview } from "./help.ts";
import { NOUNS } from "./nouns.ts";
import { reference } from "./reference.ts";

const loaded = await Promise.all(
  COMMANDS.map(async (entry): Promise<[CommandEntry, Command]> => [entry, await entry.load()]),
);
const plain = { paint: painter(false) };

test("every verb of this version is there, under its names, once", () => {
  const names = COMMANDS.flatMap(({ name, aliases }) => [name, ...aliases]);
  const wanted =
    "deploy releases rollback deployments clone up new down serve register unregister undelete update ls status config start stop restart logs ports health validate open events import export doctor completion list add remove stop-all health-check runs env/set env/get env/list env/unset env/import secret/set secret/list secret/unset";
  expect(names.map((name) => name.replace(" ", "/")).toSorted()).toEqual(wanted.split(" ").toSorted());
  const nouns = names.flatMap((name) => (name.includes(" ") ? [name.split(" ")[0]] : []));
  expect([...new Set(nouns)]).toEqual(Object.keys(NOUNS));
  expect(names.filter((name) => LATER.has(name))).toEqual([]);
});

test.each(loaded.map(([entry, command]) => ({ name: entry.name, entry, command })))(
  "$name tells what it is for",
  ({ entry, command }) => {
    expect(entry.summary).not.toMatch(/\.$/);
    expect(command.examples.length).toBeGreaterThan(0);
    const shorts = Object.values({ ...command.options, ...GLOBAL_OPTIONS }).flatMap((spec) =>
      "short" in spec && spec.short ? [spec.short] : [],
    );
    expect(new Set(shorts).size).toBe(shorts.length);
    expect(Object.keys(command.options).filter((name) => name in GLOBAL_OPTIONS)).toEqual([]);
    const help = commandHelp(entry, command, plain);
    for (const option of Object.keys(command.options)) expect(help).toContain(`--${option}`);
    expect(command.arguments.slice(0, -1).some(({ many }) => many)).toBe(false);
  },
);

test("the overview fits 80 columns and names all", () => {
  const text = overview(COMMANDS, plain);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  for (const { name } of COMMANDS) expect(text).toContain(`  ${name} `);
});

test("docs/cli.md is what the commands say (vitest -u writes it)", async () => {
  await expect(reference(loaded)).toMatchFileSnapshot("../../docs/cli.md");
});

test("the completion for bash offers verbs, options and apps", () => {
  const dir = mkdtempSync("/tmp/gc-");
  try {
    writeFileSync(join(dir, "script"), completionScript("bash", loaded, ["fastapi", "flask"]));
    for (const name of ["mine", "m$(touch evil)", "m evil"])
      mkdirSync(join(dir, "templates", name), { recursive: true });
    const offers = (...words: string[]) =>
      execFileSync(
        "bash",
        [
          "--norc",
          "-c",
          // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash
          'gantry() { echo notes; echo shop; }; source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gantry 2>/dev/null; printf "%s " "${COMPREPLY[@]}"',
          "bash",
          join(dir, "script"),
          "gantry",
          ...words,
        ],
        { encoding: "utf8", env: { ...process.env, GANTRY_HOME: dir } },
      ).trim();
    expect(offers("unr")).toBe("unregister");
    expect(offers("logs", "--fo")).toBe("--follow");
    expect(offers("logs", "n")).toBe("notes");
    expect(offers("--json", "completion", "z")).toBe("zsh");
    expect(offers("completion", "zsh", "z")).toBe("");
    expect(offers("config", "n")).toBe("notes");
    expect(offers("sec")).toBe("secret");
    expect(offers("env", "")).toBe("set get list unset import");
    expect(offers("env", "--json", "un")).toBe("unset");
    expect(offers("secret", "set", "n")).toBe("notes");
    expect(offers("secret", "set", "notes", "n")).toBe("");
    expect(offers("new", "f")).toBe("fastapi flask");
    expect(offers("new", "m")).toBe("mine");
    expect(offers("new", "--deploy", "flask", "f")).toBe("");
    expect(offers("secret", "set", "--st")).toBe("--stdin");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test.each(["zsh", "fish"] as const)("the completion for %s names every verb", (shell) => {
  const script = completionScript(shell, loaded);
  for (const { name } of COMMANDS)
    for (const word of name.split(" ")) expect(script).toMatch(new RegExp(`[ ('|]${word}[ ':|)]`));
});
