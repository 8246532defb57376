// Checks the numbered lines that the fixture apps print: `seq 17` after `seq 16`, from each process.

/** Gaps, repeats and torn lines, in words; empty when each process counted from 1 without a fault. */
export function sequenceFaults(lines: string[]): string[] {
  const faults: string[] = [];
  const last = new Map<string, number>();
  for (const line of lines) {
    if (!line.includes("seq")) continue;
    const match = /^seq (\d+) of (\d+)$/.exec(line);
    if (match === null) {
      faults.push(`torn: ${JSON.stringify(line)}`);
      continue;
    }
    const [number, process] = [Number(match[1]), match[2] as string];
    const expected = (last.get(process) ?? 0) + 1;
    if (number !== expected) faults.push(`process ${process}: ${expected} expected, ${number} found`);
    last.set(process, number);
  }
  return faults;
}
