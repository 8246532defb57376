// supervisord's configuration: every [program:x].

import { type IniSection, parseIni } from "./import-ini.ts";
import type { Imported, ImportedApp } from "./imported.ts";
import { refuse } from "./manifest-input.ts";

/** Ignored without a word: Gantry keeps output itself, and these say nothing about what runs. */
const SILENT =
  /^(?:stdout_|stderr_|redirect_stderr|process_name|priority|startsecs|stopasgroup|killasgroup|umask|serverurl)/;
const RESTART: Record<string, string> = { true: "always", false: "never", unexpected: "on-failure" };

/** Reads the programs. Needs supervisord's defaults: autorestart=unexpected, stopsignal=TERM, stopwaitsecs=10. */
export function readSupervisord(text: string, file: string): Imported {
  const warnings: string[] = [];
  const sections = parseIni(text, file);
  const apps = sections
    .filter(({ name }) => name.startsWith("program:"))
    .map((section) => readProgram(section, warnings));
  for (const { name } of sections)
    if (/^(?:include|fcgi-program:|eventlistener:)/.test(name)) warnings.push(`[${name}] is left out`);
  return { apps, warnings };
}

function readProgram(section: IniSection, warnings: string[]): ImportedApp {
  const name = section.name.slice("program:".length).trim();
  const settings: Record<string, unknown> = {};
  const stop: Record<string, unknown> = {};
  const restart: Record<string, unknown> = {};
  const table: Record<string, (value: string) => void> = {
    command: (value) => {
      settings.run = value.replaceAll("\n", " ");
    },
    directory: (value) => {
      settings.path = value;
    },
    environment: (value) => {
      settings.env = readEnvironment(value, section);
    },
    autorestart: (value) => {
      restart.policy = RESTART[value.toLowerCase()] ?? value;
    },
    startretries: (value) => {
      restart.max = Number(value);
    },
    stopsignal: (value) => {
      stop.signal = value;
    },
    stopwaitsecs: (value) => {
      stop.timeout = `${value}s`;
    },
    numprocs: (value) => {
      settings.replicas = Number(value);
    },
    autostart: (value) => {
      if (value.toLowerCase() === "false")
        warnings.push(`${name}: autostart=false is left out; gantry stop ${name} keeps it stopped`);
    },
  };
  for (const [key, raw] of Object.entries(section.values)) {
    const value = expand(raw, name, section);
    const take = Object.hasOwn(table, key) ? table[key] : undefined;
    if (take) take(value);
    else if (!SILENT.test(key)) warnings.push(`${name}: ${key} is left out`);
  }
  if (typeof settings.run !== "string") throw refuse(section.place, `the program ${name} has no command`);
  if (Object.keys(stop).length > 0) settings.stop = stop;
  if (Object.keys(restart).length > 0) settings.restart = restart;
  return { name, place: section.place, settings };
}

/** `%(here)s` and friends; `%%` is a percent sign. */
const expand = (value: string, program: string, section: IniSection): string =>
  value.replaceAll(/%(?:%|\((\w+)\)([sd0-9]*))/g, (whole, name: string | undefined) => {
    if (whole === "%%") return "%";
    if (name === "program_name" || name === "group_name") return program;
    if (name === "here") return ".";
    if (name === "process_num") return "0";
    throw refuse(section.place, `${whole} can't be known here`, "Write the value itself.");
  });

/** `KEY="value",OTHER=value` */
function readEnvironment(text: string, section: IniSection): Record<string, string> {
  const env: Record<string, string> = {};
  const pair = /\s*([^\s=,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^,]*))\s*(?:,|$)/y;
  while (pair.lastIndex < text.length && text.slice(pair.lastIndex).trim() !== "") {
    const match = pair.exec(text);
    if (!match) throw refuse(section.place, 'environment must look like KEY="value",OTHER="value"');
    const [, key = "", double, single, plain = ""] = match;
    if (key === "__proto__") throw refuse(section.place, "__proto__ can't be set");
    env[key] = double?.replaceAll(/\\(.)/g, "$1") ?? single ?? plain.trim();
  }
  return env;
}
