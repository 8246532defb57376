// Foreign text made safe for a terminal: nothing in it can move the cursor, set a title, hide or reorder text.

export interface HarmlessOptions {
  /** Keep plain colours and styles (SGR); they are closed at the end. Default: removed. */
  colours?: boolean;
}

/** Anything to look at twice: control characters but tab and line end, C1, direction marks, separators, lone surrogates. */
const SUSPECT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this file is about
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\p{Cs}]/u;

/**
 * Sequences of ECMA-48, with 7-bit (ESC [) and 8-bit (U+009B) introducers: control sequences; strings (OSC, DCS, SOS, PM, APC) with
 * their terminator; other escapes. Then single characters.
 */
const PARTS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this file is about
  /(?:\x1b\[|\x9b)([0-?]*)([ -/]*[@-~])|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-OQ-WYZ`-~\\]|(\r+)(?=\n|$)|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const RESET = "\x1b[0m";

/**
 * `text` for a terminal: escape sequences are removed, other control and direction characters become visible (␇, \u{202e}); tabs
 * and line ends stay.
 */
export function harmless(text: string, { colours = false }: HarmlessOptions = {}): string {
  if (!SUSPECT.test(text)) return text;
  let open = false;
  const safe = text
    .toWellFormed()
    .replace(PARTS, (part: string, parameters?: string, final?: string, lineEnd?: string) => {
      if (final !== undefined) {
        const kept = colours && final === "m" && isPlainStyle(parameters ?? "") ? `\x1b[${parameters}m` : "";
        if (kept !== "") open = !/^(?:.*;)?0*$/.test(parameters ?? "");
        return kept;
      }
      return part.length > 1 || lineEnd !== undefined ? "" : visible(part);
    });
  return open ? safe + RESET : safe;
}

/** SGR without "conceal" (8); the numbers behind 38, 48 and 58 are colours. */
function isPlainStyle(parameters: string): boolean {
  if (!/^[0-9;:]{0,64}$/.test(parameters)) return false;
  const numbers = parameters.split(";");
  for (let i = 0; i < numbers.length; i++) {
    const number = Number((numbers[i] ?? "").split(":")[0]);
    if (number === 8) return false;
    if (number === 38 || number === 48 || number === 58) {
      const mode = Number(numbers[i + 1]);
      i += mode === 5 ? 2 : mode === 2 ? 4 : 0;
    }
  }
  return true;
}

/** The Unicode picture of a control character; everything else as \u{…}. */
function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "\u2421" : `\\u{${code.toString(16)}}`;
}
