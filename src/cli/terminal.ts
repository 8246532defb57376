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
  const { isatty } = process.getBuiltinModule("node:tty");
  const out = isatty(1);
  const dumb = env.TERM === "dumb";
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0";
  return {
    asks: isatty(0) && isatty(2),
    out,
    live: isatty(2) && !dumb && env.CI === undefined,
    columns: out ? Math.max(20, process.stdout.columns || 80) : Number.POSITIVE_INFINITY,
    colours: !noColor && !env.NO_COLOR && (forced || (out && !dumb)),
  };
}
