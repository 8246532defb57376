// Where in an app's own code it broke, as its last lines tell: tracebacks of Python, stacks of Node.

export interface FaultPlace {
  /** Relative to the code's folder. */
  file: string;
  line: number;
}

/** `File "/app/main.py", line 12`; `at run (/app/server.js:3:9)`; `file:///app/server.js:3`. */
const PLACES = [/File "([^"]+)", line (\d+)/, /(?:^|[\s(])(?:file:\/\/)?(\/[^\s():]+):(\d+)(?::\d+)?\)?/];
const OF_OTHERS = /(^|\/)(node_modules|site-packages|dist-packages|\.venv|venv)\//;

/** The place in `dir` that is nearest to the fault; null where none is named. Python names it last, Node first. */
export function faultPlace(lines: readonly string[], dir: string): FaultPlace | null {
  const found: (FaultPlace & { isPython: boolean })[] = [];
  for (const line of lines)
    for (const [index, pattern] of PLACES.entries()) {
      const [, file = "", number = ""] = pattern.exec(line) ?? [];
      const own = file.startsWith(`${dir}/`) ? file.slice(dir.length + 1) : null;
      if (own === null || OF_OTHERS.test(own)) continue;
      found.push({ file: own, line: Number(number), isPython: index === 0 });
      break;
    }
  const place = found.some((one) => one.isPython) ? found.findLast((one) => one.isPython) : found[0];
  return place === undefined ? null : { file: place.file, line: place.line };
}
