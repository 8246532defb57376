// What is on the other side of stdin, stdout and stderr.

export interface Terminal {
  /** True where a person types: questions may be asked. */
  asks: boolean;
  /** Is stdout a terminal? */
  out: boolean;
  /** Is stderr a terminal that can move its cursor? */
  live: boolean;
  /** Columns of stdout; Infinity where it is no terminal: nothing is cut then. */
  columns: number;
  colours: boolean;
}

/** `NO_COLOR` (no-color.org) and `FORCE_COLOR` are honoured; `TERM=dumb` has neither colours nor a cursor. */
export function describeTerminal(env: NodeJS.ProcessEnv, noColor: boolean): Terminal {
  const out = isTerminal(1);
  const err = isTerminal(2);
  const dumb = env.TERM === "dumb";
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0";
  return {
    asks: err && isTerminal(0),
    out,
    live: err && !dumb && env.CI === undefined,
    columns: out ? Math.max(20, process.stdout.columns || 80) : Number.POSITIVE_INFINITY,
    colours: !noColor && !env.NO_COLOR && (forced || (out && !dumb)),
  };
}

/** Terminals are character devices; for all else node:tty need not be loaded. */
function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    if (!process.getBuiltinModule("node:fs").fstatSync(descriptor).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  return process.getBuiltinModule("node:tty").isatty(descriptor);
}
