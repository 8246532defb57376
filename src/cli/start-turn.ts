// Whose turn it is to start the daemon: of many command lines that find none, one starts it and the others wait for it. Not a guard (that is
// the daemon's own lock on the home): without it nine more daemons would load, and one that comes late could take over after a `down --all`.

/** A turn that was not given back is over after this time; its holder was killed. */
const STALE_MS = 30_000;

/** Takes the turn: returns how to give it back, or null when it is another one's. */
export function takeTurn(file: string): (() => void) | null {
  const { writeFileSync, rmSync } = process.getBuiltinModule("node:fs");
  if (isOver(file)) rmSync(file, { force: true });
  try {
    writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    throw error;
  }
  return () => rmSync(file, { force: true });
}

function isOver(file: string): boolean {
  const { readFileSync, statSync } = process.getBuiltinModule("node:fs");
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Date.now() - statSync(file).mtimeMs > STALE_MS || (pid > 0 && !isAlive(pid));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
