// PM2's ecosystem file: JSON, or JavaScript whose exported literal is read as data and never executed.

import { parseJsLiteral } from "./import-js-literal.ts";
import type { Imported, ImportedApp } from "./imported.ts";
import { at, type Input, type Mapping, refuse } from "./manifest-input.ts";
import { mapping } from "./manifest-read.ts";
import { shown } from "./shown.ts";
import { quoteWords, splitWords } from "./split-words.ts";

const INTERPRETERS: Record<string, string> = {
  js: "node",
  mjs: "node",
  cjs: "node",
  ts: "node",
  py: "python3",
  sh: "sh",
  rb: "ruby",
};
const EXPORT = /(?:^|[\n;])\s*(?:module\.exports\s*=|exports\s*=|export\s+default\b)/;

/** Reads `apps` (a list, or one app). Settings without a counterpart become warnings. */
export function readPm2(text: string, file: string): Imported {
  const found = EXPORT.exec(text);
  if (!found && !/^\s*[{[]/.test(text))
    throw refuse({ field: "", file }, "it exports no literal", "Write module.exports = { apps: [...] }.");
  const root = parseJsLiteral(text, found ? found.index + found[0].length : 0, file);
  const inner = root.type === "map" ? root.entries.find(({ key }) => key === "apps")?.value : undefined;
  const apps = inner ?? root;
  const warnings: string[] = [];
  const list = apps.type === "list" ? apps.items : [apps];
  return { apps: list.map((item) => readOne(mapping(item, "name, script, args…"), warnings)), warnings };
}

function readOne(app: Mapping, warnings: string[]): ImportedApp {
  const known = new Map(app.entries.map(({ key, value }) => [key, value]));
  const take = (...keys: string[]): Input | undefined => {
    const key = keys.find((name) => known.has(name));
    const value = key === undefined ? undefined : known.get(key);
    for (const name of keys) known.delete(name);
    return value;
  };
  const one = (...keys: string[]): string | undefined => scalarOf(take(...keys));
  const script = one("script");
  if (script === undefined) throw refuse(app.place, "the app has no script");
  const name = one("name") ?? script;
  const run = at(app.place, () => [
    ...starter(
      script,
      one("interpreter", "exec_interpreter"),
      wordsOf(take("interpreter_args", "node_args")),
    ),
    ...wordsOf(take("args")),
  ]);
  const settings: Record<string, unknown> = { run: quoteWords(run) };
  const set = (key: string, value: unknown): void => {
    if (value !== undefined) settings[key] = value;
  };
  set("path", one("cwd"));
  Object.assign(settings, environment(take("env")));
  set("replicas", instances(one("instances"), name, warnings));
  const watch = take("watch");
  set("watch", watch === undefined ? undefined : watch.type === "list" || scalarOf(watch) === "true");
  set(
    "restart",
    section({
      policy: restartPolicy(one("autorestart")),
      max: numberOf(one("max_restarts")),
      delay: milliseconds(one("restart_delay")),
    }),
  );
  set("stop", section({ timeout: milliseconds(one("kill_timeout")) }));
  for (const key of known.keys())
    if (key !== "exec_mode") warnings.push(`${shown(name)}: ${shown(key)} is left out`);
  return { name, place: app.place, settings };
}

function starter(script: string, interpreter: string | undefined, interpreterArgs: string[]): string[] {
  const words = /\s/.test(script) ? splitWords(script) : [script];
  if (interpreter === "none") return words;
  const extension = /\.(\w+)$/.exec(script)?.[1] ?? "";
  const program =
    interpreter ?? (Object.hasOwn(INTERPRETERS, extension) ? INTERPRETERS[extension] : undefined);
  return program === undefined ? words : [program, ...interpreterArgs, ...words];
}

/** PM2 starts apps with PORT in their env: that is the port. */
function environment(input: Input | undefined): Record<string, unknown> {
  if (input === undefined) return {};
  const env = new Map(
    mapping(input, "variables").entries.map(({ key, value }) => [key, scalarOf(value) ?? ""]),
  );
  const port = env.get("PORT");
  const fixed = port !== undefined && /^[1-9]\d{0,4}$/.test(port);
  if (fixed) env.delete("PORT");
  return (
    section({
      env: env.size > 0 ? Object.fromEntries(env) : undefined,
      port: fixed ? Number(port) : undefined,
    }) ?? {}
  );
}

function instances(text: string | undefined, name: string, warnings: string[]): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  warnings.push(`${shown(name)}: instances ${shown(text)} becomes 1`);
  return 1;
}

const restartPolicy = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : text === "false" ? "never" : "always";

const milliseconds = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : /^\d+$/.test(text) ? `${text}ms` : text;

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

function section(all: Record<string, unknown>): Record<string, unknown> | undefined {
  const said = Object.entries(all).filter(([, value]) => value !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

function scalarOf(input: Input | undefined): string | undefined {
  if (input === undefined) return undefined;
  if (input.type !== "scalar") throw refuse(input.place, "it must be a single value");
  return input.kind === "null" ? undefined : input.text;
}

function wordsOf(input: Input | undefined): string[] {
  if (input?.type === "list") return input.items.map((item) => scalarOf(item) ?? "");
  return splitWords(scalarOf(input) ?? "");
}
