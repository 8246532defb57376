// What is wrong with Python code: syntax, imports, the entry, files of requirements.
import type { Diagnostic } from "../../domain/diagnostic.ts";
import type { CheckOrder, Detection } from "../../domain/toolchain.ts";
import { type AllowList, type PackagePolicy, readAllowList } from "../allow-list.ts";
import { type OwnerCommand, ownerCommand } from "../owner-command.ts";
import { answeredImports } from "./answered-imports.ts";
import { checkEntry } from "./check-entry.ts";
import { checkRequirements } from "./check-requirements.ts";
import { entryFile, lineOf, serversOf } from "./entry-file.ts";
import { type CheckedCode, type MissingImport, type PythonChecker, reachedFiles } from "./inspect.ts";
import { type InstallPlan, planInstall } from "./install-plan.ts";
import { findInterpreter, type Interpreter, wishOf } from "./interpreter.ts";
import { refusedRequirements } from "./refuse-requirements.ts";

export async function checkPython(
  { checker, policy }: { checker: PythonChecker; policy: PackagePolicy },
  order: CheckOrder,
  signal?: AbortSignal,
): Promise<Diagnostic[]> {
  const { fitting, any } = await findInterpreter(await wishOf(order.dir), signal);
  const python = fitting ?? any;
  if (python === null) return [];
  const code = await checker.check(order.dir, python.path, signal);
  if (code === null)
    return [warning(null, null, null, "syntax", "the code needs too much time or memory to be checked")];
  const { detection } = order;
  const config = await checkRequirements(order.dir);
  if (detection === null) return [...config, ...syntax(code, () => true)];
  const owner = await ownerCommand(order.dir, order.hints);
  const known = { dir: order.dir, detection };
  const line = lineOf(known, owner);
  const entry = await entryFile(known, line, code);
  const reached = entry === null ? new Set<string>() : reachedFiles(code, entry.file);
  const isNeeded = (file: string): boolean =>
    reached.has(file) || wouldBeMeant(file, entry?.file, owner, order);
  const servers = serversOf(line, entry?.file ?? null, code);
  const plan = await planInstall(
    order.dir,
    entry?.base ?? "",
    entry?.file ?? null,
    code,
    python.version,
  ).catch(() => null);
  const list = await readAllowList(policy);
  const rule = { allowed: list, sourceBuilds: policy.sourceBuilds };
  const base = { ...order, ...rule, detection, interpreter: python, servers };
  return [
    ...config,
    ...(await notAllowed(list, plan)),
    ...syntax(code, isNeeded),
    ...(await imports(code, reached, plan, { ...base, owner })),
    ...(await checkEntry(
      checker,
      code,
      { ...base, python: python.path, owner, entryFile: entry?.file ?? null },
      signal,
    )),
  ];
}

const diagnostic =
  (severity: Diagnostic["severity"]) =>
  (
    file: string | null,
    line: number | null,
    column: number | null,
    code: string,
    message: string,
  ): Diagnostic => ({
    file,
    line,
    column,
    severity,
    code,
    message,
  });
const error = diagnostic("error");
const warning = diagnostic("warning");

const STEMS = ["main.py", "app.py", "asgi.py", "wsgi.py", "server.py", "api.py", "application.py", "run.py"];

/**
 * Would this broken file be taken for the application if it could be read? Else the next best one would be deployed in its place,
 * and nobody would know.
 */
function wouldBeMeant(
  file: string,
  entry: string | undefined,
  owner: OwnerCommand | null,
  { hints }: CheckOrder,
): boolean {
  if (owner !== null || hints.entry !== null || file.includes("/")) return false;
  const rank = STEMS.indexOf(file);
  if (rank === -1) return false;
  const taken = entry === undefined || entry.includes("/") ? -1 : STEMS.indexOf(entry);
  return taken === -1 || rank < taken;
}

function syntax(code: CheckedCode, isNeeded: (file: string) => boolean): Diagnostic[] {
  return [
    ...code.errors.map(({ file, line, column, message }) =>
      (isNeeded(file) ? error : warning)(file, line, column, "syntax", message),
    ),
    ...code.warnings.map(({ file, line, message }) => warning(file, line, null, "syntax", message)),
    ...code.large.map((file) => warning(file, null, null, "syntax", "it is too large to be checked")),
  ];
}

async function notAllowed(list: AllowList | null, plan: InstallPlan | null): Promise<Diagnostic[]> {
  if (list === null || plan === null) return [];
  // What a lock file of uv holds is known when uv has read it.
  const found = await refusedRequirements(list, plan);
  return found.map(({ requirement, file, line, reason }) =>
    error(
      line === null ? null : file,
      line,
      line === null ? null : 1,
      "requirement",
      `${requirement} may not be installed: ${reason}`,
    ),
  );
}

async function imports(
  code: CheckedCode,
  reached: ReadonlySet<string>,
  plan: InstallPlan | null,
  order: Omit<CheckOrder, "detection"> & {
    detection: Detection;
    interpreter: Interpreter;
    servers: string[];
    owner: OwnerCommand | null;
    allowed: AllowList | null;
    sourceBuilds: boolean;
  },
): Promise<Diagnostic[]> {
  const answered = plan === null ? null : await answeredImports(order.dir, plan, order);
  // Only Gantry's own command lines tell for sure from which folder modules are looked for.
  const changesPath = code.files.some((found) => found.changesPath);
  const plain = order.owner === null && !changesPath;
  return code.files
    .filter((found) => reached.has(found.file))
    .flatMap(({ file, missing }) =>
      missing.flatMap((one) => {
        const name = one.module.split(".")[0] ?? one.module;
        if (one.kind === "far" && (plan === null || answered === null || answered.has(name))) return [];
        if (one.kind === "far" && plan?.source === "imports" && !answered?.certain) return [];
        const isSure = plain && one.sure && (one.kind !== "far" || answered?.certain === true);
        const say = isSure ? error : warning;
        return [
          say(file, one.line, one.column, "import", sentence(one, name, plan, answered?.certain === true)),
        ];
      }),
    );
}

function sentence(one: MissingImport, name: string, plan: InstallPlan | null, certain: boolean): string {
  if (one.kind === "relative")
    return `${one.module} can't be imported: this file is in no package. Write ${one.module.replace(/^\.+/, "") || "the module's name"} without the dot`;
  if (one.kind === "project") return `there is no module ${one.module} in the project`;
  const source = plan?.source ?? null;
  if (source === null) return `${name} is imported, but no file of requirements asks for it`;
  return certain
    ? `there is no module ${name}, neither in the project nor in what ${source} installs`
    : `${name} is imported, but ${source} does not seem to ask for it`;
}
