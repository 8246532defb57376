// An app's configuration as lines, in the keys and words of gantry.yaml.

/** `health.path`, `/health`. Values of variables are left out: they may be secret. */
export function* settingLines(value: unknown, path: string[] = []): Generator<[key: string, text: string]> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const keep = path[0] === "env";
    for (const [key, inner] of Object.entries(value))
      yield* settingLines(inner, [...path, keep ? key : snakeCase(key)]);
    return;
  }
  const { key, text } = inWords(path, value);
  yield [key, path[0] === "env" && path.length > 1 ? "(set)" : text];
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `stop.timeout_ms = 10000` is `stop.timeout = 10s` there. */
function inWords(path: string[], value: unknown): { key: string; text: string } {
  const key = path.join(".");
  if (Array.isArray(value)) return { key, text: value.join(" ") };
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
