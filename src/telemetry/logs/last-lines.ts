// The last lines of one file, read from its end.
import type { AppLogs } from "./app-logs.ts";
import { LineReader } from "./line-reader.ts";
import { tailStart } from "./tail-start.ts";

/** None where there is no such file. */
export async function lastLines(app: AppLogs, instanceId: string, count: number): Promise<string[]> {
  if (!app.files.has(instanceId)) app.scan();
  const file = app.files.get(instanceId);
  if (file?.attached) file.look();
  else file?.refresh();
  if (!file || !(count > 0) || file.used === 0) return [];
  const end = file.size;
  const reader = new LineReader(file, await tailStart(file, end, count));
  const lines: string[] = [];
  try {
    for (let pieces = await reader.next(end, true); pieces.length > 0; pieces = await reader.next(end, true))
      lines.push(...pieces.map(({ text }) => text));
  } finally {
    await reader.rest();
  }
  return lines.slice(-count);
}
