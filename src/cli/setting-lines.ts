// An app's configuration as lines, in the keys and words of gantry.yaml.
import type { Check } from "../domain/health.ts";

/** `health.path`, `/health`. Values of variables are left out: they may be secret. */
export function* settingLines(value: unknown, path: string[] = []): Generator<[key: string, text: string]> {
  if (path.join(".") === "health.check") return yield healthLine(value as Check | null);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const keep = path[0] === "env";
    for (const [key, inner] of Object.entries(value))
      yield* settingLines(inner, [...path, keep ? key : snakeCase(key)]);
    return;
  }
  const { key, text } = inWords(path, value);
  yield [key, path[0] === "env" && path.length > 1 ? "(set)" : text];
}

/** `dependsOn` is `depends_on` in gantry.yaml. */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** As `snakeCase`; names of variables and secrets (`env.NAME`) stay as they are. */
export const settingWord = (name: string): string =>
  /^(?:env|secrets)\./.test(name) ? name : snakeCase(name);

function healthLine(check: Check | null): [key: string, text: string] {
  if (check === null) return ["health.path", "(default)"];
  if (check.type === "http") return ["health.path", check.path];
  if (check.type === "command") return ["health.command", inQuotes(check.argv)];
  return [`health.${check.type}`, "true"];
}

/** Words as a shell reads them back. */
export const inQuotes = (words: string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./$-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");

/** `stop.timeout_ms = 10000` is `stop.timeout = 10s` there. */
function inWords(path: string[], value: unknown): { key: string; text: string } {
  const key = path.join(".");
  if (Array.isArray(value)) return { key, text: key === "args" ? inQuotes(value) : value.join(", ") };
  if (value === null || value === undefined)
    return { key: key.replace(/_(ms|bytes)$/, ""), text: "(default)" };
  if (typeof value === "number" && key.endsWith("_ms"))
    return { key: key.slice(0, -3), text: durationWord(value) };
  if (typeof value === "number" && key.endsWith("_bytes"))
    return { key: key.slice(0, -6), text: sizeWord(value) };
  return { key, text: String(value) };
}

const durationWord = (ms: number): string =>
  ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000}m` : ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;

const sizeWord = (bytes: number): string => {
  const unit = [1024 ** 3, 1024 ** 2, 1024].findIndex((each) => bytes % each === 0);
  return unit < 0 ? String(bytes) : `${bytes / 1024 ** (3 - unit)}${["g", "m", "k"][unit]}`;
};
