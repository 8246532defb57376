// The ASGI/WSGI shorthand `module:variable`.
import { GantryError } from "./errors.ts";
import { shown } from "./shown.ts";

const MODULE = /^[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_][A-Za-z0-9_-]*)*$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*(?:\(\))?$/;

/**
 * Returns `module:variable`; a file name in front of the colon becomes a module (`src/main.py:app` → `src.main:app`). The
 * variable may be a factory call without arguments, `create_app()`. Throws `invalid-entry`.
 */
export function checkEntry(value: unknown): string {
  if (typeof value !== "string") throw invalid(value, "it must be text");
  if (value.length > 200) throw invalid(value, "it is too long");
  const colon = value.indexOf(":");
  if (colon === -1) throw invalid(value, "the variable is missing", hintFor(value));
  const [before, variable] = [value.slice(0, colon), value.slice(colon + 1)];
  const module = fromFile(before);
  if (!MODULE.test(module)) throw invalid(value, `${shown(before)} is no module`, hintFor(before));
  if (!VARIABLE.test(variable)) throw invalid(value, `${shown(variable)} is no variable`);
  return `${module}:${variable}`;
}

function fromFile(text: string): string {
  if (!text.endsWith(".py")) return text;
  return text
    .slice(0, -3)
    .replace(/^(?:\.\/)+/, "")
    .replaceAll("/", ".");
}

function hintFor(text: string): string | undefined {
  const module = fromFile(text.replace(/^(?:\.\/)+/, "")).replaceAll("/", ".");
  return MODULE.test(module) ? `Write ${module}:app, where app is the variable's name.` : undefined;
}

const invalid = (entry: unknown, reason: string, hint?: string): GantryError =>
  new GantryError("invalid-entry", { entry: shown(entry), reason, hint, field: "entry" });
