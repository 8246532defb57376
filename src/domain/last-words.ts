// Which line of what an app printed last says best why it ended.

/** As a rule the name of what went wrong stands in front of a colon: `KeyError: 'X'`, `Error: Cannot find module 'y'`. */
const NAMES_A_FAULT =
  /^\W*(?:[\w.]*(?:Error|Exception|Warning|Exit)\b|(?:uncaught|unhandled|fatal|panic|error)\b).*:/i;
/** Ends, with its version and the closing brackets before it, whatever Node says of a fault. */
const SAYS_NOTHING = /^(?:\W*|Node\.js v[\d.]+)$/;
const MAX_LENGTH = 200;

/** One line out of the last ones, oldest first; null when there is none that says something. */
export function lastWords(lines: readonly string[]): string | null {
  const said = lines.map((line) => line.trim()).filter((line) => !SAYS_NOTHING.test(line));
  const chosen = said.findLast((line) => NAMES_A_FAULT.test(line)) ?? said.at(-1);
  return chosen === undefined ? null : chosen.slice(0, MAX_LENGTH);
}
