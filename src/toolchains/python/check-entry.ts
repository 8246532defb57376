// Does the module that is served have the variable that is named, and is it the only one that could be meant?
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { Detection, Hints } from "../../domain/toolchain.ts";
import type { OwnerCommand } from "../owner-command.ts";
import { moduleFile } from "./entry.ts";
import { type CheckedCode, type FoundApp, type PythonChecker, reachedFiles } from "./inspect.ts";
import { entryOf } from "./serve-line.ts";

interface Order {
  dir: string;
  detection: Detection;
  hints: Hints;
  python: string;
  owner: OwnerCommand | null;
  entryFile: string | null;
}

const ENTRY = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)(?:\(\))?$/;

export async function checkEntry(
  checker: PythonChecker,
  code: CheckedCode,
  order: Order,
  signal?: AbortSignal,
): Promise<Diagnostic[]> {
  const { detection, owner, hints } = order;
  const named = owner ? owner.words?.find((word) => ENTRY.test(word)) : detection.entry;
  const [, module, variable] = ENTRY.exec(named ?? "") ?? [];
  if (module === undefined || variable === undefined) return [];
  const say = sayer(owner === null ? "error" : "warning");
  const known = code.apps.some((app) => app.module === module && app.variable === variable);
  if (known) return owner === null && hints.entry === null ? others(code, order) : [];
  const place = await moduleFile(order.dir, module, code);
  if (place === null) {
    // An installed package may have it; without an owner's command the detection has refused it.
    const isProjects = code.files.length > 0 && owner?.words?.includes("--app-dir") !== true;
    return isProjects ? [say(null, `there is no ${module.replaceAll(".", "/")}.py for ${named}`)] : [];
  }
  const names = await checker.namesIn(order.dir, place.file, order.python, signal);
  if (names === null || names.includes(variable)) return [];
  const apps = code.apps.filter((app) => app.file === place.file).map(entryOf);
  const hint = apps.length === 0 ? "" : `; it has ${apps.slice(0, 5).join(", ")}`;
  return [say(place.file, `${module} defines no ${variable}${hint}`)];
}

const sayer =
  (severity: Diagnostic["severity"]) =>
  (file: string | null, message: string): Diagnostic => ({
    file,
    line: null,
    column: null,
    severity,
    code: "entry",
    message,
  });

/** Applications of other files that are as near as the one that was taken. */
function others(code: CheckedCode, { detection, entryFile }: Order): Diagnostic[] {
  const depth = (file: string): number => file.split("/").length;
  const isRival = ({ file, factory, score, framework }: FoundApp): boolean =>
    file !== entryFile &&
    !factory &&
    score < MOUNTED &&
    framework === detection.framework &&
    entryFile !== null &&
    depth(file) === depth(entryFile) &&
    !reachedFiles(code, entryFile).has(file);
  const rivals = detection.framework === "django" ? [] : code.apps.filter(isRival);
  if (rivals.length === 0) return [];
  const list = [...new Set(rivals.map(entryOf))].slice(0, 5).join(", ");
  return [
    sayer("warning")(
      null,
      `there are several applications: ${detection.entry} is taken, beside it there is ${list}. Say which one with entry:`,
    ),
  ];
}

/** As app_candidates.py counts those that are a part of another one. */
const MOUNTED = 500;
