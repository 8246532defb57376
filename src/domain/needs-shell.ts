// Does a command line mean something else without a shell?

/** True for operators, expansions other than $PORT and $HOST, globs and leading assignments outside of single quotes. */
export function needsShell(command: string): boolean {
  const bare = command
    .replaceAll(/'[^']*'/g, "")
    .replaceAll(/\\./g, "")
    .replaceAll(/\$(?:(?:PORT|HOST)\b|\{(?:PORT|HOST)\})/g, "");
  if (/[$`]/.test(bare) || /^\s*[A-Za-z_]\w*=/.test(bare)) return true;
  return /[|&;<>()*?~]|\n/.test(bare.replaceAll(/"[^"]*"/g, ""));
}
