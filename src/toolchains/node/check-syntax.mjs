// Compiles JavaScript without running it: a question is a list of files a line, the answer says of each what is wrong and what it imports.
import { stripTypeScriptTypes } from "node:module";
import { createInterface } from "node:readline";
import vm from "node:vm";

const WRAPPED = ["exports", "require", "module", "__filename", "__dirname"];
const FILE = "checked.js";

/** `module`: an ES module; false: CommonJS; null: what Node would find out by trying. */
function check({ text, module }) {
  // A function, into which Node puts CommonJS, can't begin with this.
  const code = text.replace(/^#!/, "//");
  if (module === true) return asModule(code);
  const common = asCommonJs(code);
  if (module === false || common.error === null) return common;
  return /^\s*(?:import|export)\b/m.test(code) || /\bimport\.meta\b|\bawait\b/.test(code)
    ? asModule(code)
    : common;
}

function asModule(code) {
  try {
    const { dependencySpecifiers } = new vm.SourceTextModule(code, { identifier: FILE });
    return { error: null, imports: [...dependencySpecifiers] };
  } catch (error) {
    return { error: { ...placeByTypes(code), message: messageOf(error) }, imports: [] };
  }
}

function asCommonJs(code) {
  try {
    vm.compileFunction(code, WRAPPED, { filename: FILE });
    const found = code.matchAll(/\brequire\(\s*(["'])([^"'\n]{1,500})\1\s*\)/g);
    return { error: null, imports: [...found].map(([, , name]) => name) };
  } catch (error) {
    return { error: { ...placeIn(error, FILE), message: messageOf(error) }, imports: [] };
  }
}

const messageOf = (error) => String(error?.message ?? error).slice(0, 300);

/** V8 does not tell where a module is wrong; the parser of types does, where it agrees. */
function placeByTypes(code) {
  try {
    stripTypeScriptTypes(code);
  } catch (error) {
    return placeIn(error, "");
  }
  return { line: null, column: null };
}

/** From the head of a stack: `file:line`, the line, and a caret below it. */
function placeIn(error, file) {
  const lines = String(error?.stack).split("\n");
  const line = lines[0]?.startsWith(`${file}:`) ? Number(lines[0].slice(file.length + 1)) : Number.NaN;
  if (!Number.isInteger(line)) return { line: null, column: null };
  const caret = lines.slice(1, 6).find((text) => /^\s*\^+\s*$/.test(text));
  return { line, column: caret === undefined ? null : caret.indexOf("^") + 1 };
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(JSON.parse(line).map(check))}\n`);
