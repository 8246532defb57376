// The daemon's own log: one JSON line per entry on stderr.
const LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;

export type LogLevel = (typeof LEVELS)[number];
type Write = (message: string, details?: Record<string, unknown>) => void;

/** Entries below `least` are left out. Whoever logs keeps secrets out of `details`. */
export function createJsonLog(least: LogLevel): Record<"debug" | "info" | "warn" | "error", Write> {
  const at =
    (level: LogLevel): Write =>
    (message, details = {}) => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
      const entry = JSON.stringify({ at: new Date().toISOString(), level, message, ...details });
      process.stderr.write(`${entry}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
