// User text as it may stand in a message: one line, quoted, short, nothing invisible.

/** Quotes `value` for a message: at most `max` characters; control, zero-width and direction characters as \u{…}. */
export function shown(value: unknown, max = 60): string {
  if (typeof value !== "string") return typeof value === "object" ? kind(value) : String(value).slice(0, max);
  const cut = value.length > max ? `${value.slice(0, max)}…` : value;
  const visible = cut.replace(/["\\]|\p{C}|\p{Zl}|\p{Zp}|\p{DI}/gu, (character) =>
    character === '"' || character === "\\"
      ? `\\${character}`
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `"${visible}"`;
}

const kind = (value: object | null): string =>
  value === null ? "null" : Array.isArray(value) ? "a list" : "an object";
