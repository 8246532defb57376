// Signals by name and number, and what a shell's exit status says about them.
import { constants } from "node:os";

const NUMBERS = constants.signals as Record<string, number | undefined>;
const NAMES = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals))
  if (!NAMES.has(number)) NAMES.set(number, name.slice(3));

/** The number of a signal named without SIG ("TERM" → 15); undefined when there is none of that name. */
export const signalNumber = (name: string): number | undefined => NUMBERS[`SIG${name}`];

/** The name without SIG (15 → "TERM"); undefined when the number has none. */
export const signalName = (number: number): string | undefined => NAMES.get(number);

/** Splits a shell's `$?`: above 128 a signal ended the command (POSIX XCU 2.8.2). */
export function readShellStatus(status: number): { code: number | null; signal: string | null } {
  const signal = status > 128 ? signalName(status - 128) : undefined;
  return signal === undefined ? { code: status, signal: null } : { code: null, signal };
}

/** Sends a signal; true when there was such a process (or group, for a negative id) and it may be signalled. */
export function sendSignal(pid: number, signal: number): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
