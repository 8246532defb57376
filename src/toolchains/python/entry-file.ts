// Which file a command line begins with, and which servers it needs.
import { splitWords } from "../../domain/split-words.ts";
import type { Detection } from "../../domain/toolchain.ts";
import type { OwnerCommand } from "../owner-command.ts";
import { appOfEntry } from "./entry.ts";
import type { FoundApp, Inspection } from "./inspect.ts";
import { reachable } from "./inspect.ts";
import { type PythonLine, readLine } from "./tools.ts";

interface Order {
  dir: string;
  detection: Pick<Detection, "entry" | "run">;
}

/** The command line, as far as it is one of a known tool. */
export const lineOf = (order: Order, owner: OwnerCommand | null): PythonLine | null =>
  owner ? owner.words && readLine(owner.words) : readLine(splitWords(order.detection.run ?? ""));

/** The file that is run or imported first; null where the command line does not tell. */
export async function entryFile(
  order: Order,
  line: PythonLine | null,
  inspection: Inspection,
): Promise<FoundApp | { file: string; base: string } | null> {
  if (order.detection.entry !== null) {
    const known = inspection.apps.find(
      (app) => order.detection.entry?.replace("()", "") === `${app.module}:${app.variable}`,
    );
    return (
      known ??
      (await appOfEntry(order.dir, order.detection.entry, inspection).catch(() => null)) ??
      broken(order, inspection)
    );
  }
  if (line?.script) return { file: line.script.replace(/^\.\//, ""), base: "" };
  const words = line?.rest ?? [];
  const app = inspection.apps.find((found) => words.some((word) => word.startsWith(`${found.module}:`)));
  const script = line?.name === "streamlit" ? words.find((word) => word.endsWith(".py")) : undefined;
  return app ?? (script === undefined ? null : { file: script, base: "" });
}

/** The module of the entry exists but can't be read. */
function broken(order: Order, inspection: Inspection): { file: string; base: string } | null {
  const path = (order.detection.entry ?? "").split(":")[0]?.replaceAll(".", "/");
  const error = inspection.errors.find(({ file }) => file === `${path}.py` || file.endsWith(`/${path}.py`));
  return error ? { file: error.file, base: "" } : null;
}

/** What must be installed so that the line can run, besides what the project asks for. */
export function serversOf(line: PythonLine | null, entry: string | null, inspection: Inspection): string[] {
  const servers = line?.tool?.distribution ? [line.tool.distribution] : [];
  const wantsWebsockets = entry !== null && reachable(inspection, entry).some((found) => found.websockets);
  return servers.includes("uvicorn") && wantsWebsockets ? [...servers, "websockets"] : servers;
}
