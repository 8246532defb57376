// Files that name what a project needs: do they say something that can be read?
import { join } from "node:path";
import { parse as parseToml, TomlError } from "smol-toml";
import type { Diagnostic } from "../../domain/diagnostic.ts";
import { isFile, readText } from "../folder.ts";
import { linesOf, nameOf } from "./requirements.ts";

/** Lines that are no requirements by name: options, URLs, paths, variables. */
const OTHER = /^-|:\/\/|^\.{0,2}\/|^\.{1,2}(?:\[|\s|$)|^[a-z+]+:|\$\{|@\s*\S|\.whl\b|\.(?:tar\.gz|zip)\b|\\/;

/** Those at the top of the folder. */
export async function checkRequirements(dir: string): Promise<Diagnostic[]> {
  const hasOther = await isFile(join(dir, "requirements.txt"));
  return [
    ...(await requirementLines(dir, "requirements.txt")),
    ...(await toml(dir, "pyproject.toml", hasOther ? "warning" : "error")),
    ...(await toml(dir, "Pipfile", hasOther ? "warning" : "error")),
  ];
}

async function requirementLines(dir: string, file: string): Promise<Diagnostic[]> {
  const text = await readText(join(dir, file));
  // Another encoding: pip reads some of them by their first bytes.
  if (text === null || /[\0\uFFFD]/.test(text)) return [];
  return linesOf(text)
    .filter((line) => !OTHER.test(line.text) && nameOf(line.text) === null)
    .slice(0, 20)
    .map(({ number, text: line }) => ({
      file,
      line: number,
      column: 1,
      severity: "error",
      code: "requirement",
      message: `${JSON.stringify(line.slice(0, 80))} is no requirement`,
    }));
}

async function toml(dir: string, file: string, severity: Diagnostic["severity"]): Promise<Diagnostic[]> {
  const text = await readText(join(dir, file));
  if (text === null) return [];
  try {
    parseToml(text);
    return [];
  } catch (error) {
    if (!(error instanceof TomlError)) return [];
    const message =
      error.message.split("\n")[0]?.replace(/^Invalid TOML document: /, "") ?? "it can't be read";
    return [{ file, line: error.line, column: error.column, severity, code: "syntax", message }];
  }
}
