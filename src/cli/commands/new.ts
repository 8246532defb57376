// `gantry new`: an app from a template: a folder to go on with, or code that Gantry keeps.
import type { Data } from "../../client/api-types.ts";
import { harmless } from "../../lib/harmless-text.ts";
import { command, type Outcome } from "../command.ts";
import { followDeployment } from "../deploy/follow-deployment.ts";
import { carryThrough } from "../deploy/tell-deployment.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { withProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { watchApps } from "../watch-apps.ts";

export default command({
  description:
    "Makes the folder ./<name> with the template's files and a gantry.yaml, registers it as an app and starts it. With --deploy no folder is made: Gantry keeps the code. A template is one of gantry new --list, or a Git repository (url#ref).",
  arguments: [
    { name: "template", summary: "its name, or the address of a Git repository", complete: "template" },
    { name: "name", summary: "the app's name" },
  ],
  options: {
    list: { type: "flag", short: "l", summary: "show the templates" },
    path: { type: "text", short: "p", value: "dir", summary: "the new folder; default: ./<name>" },
    deploy: { type: "flag", summary: "make no folder: Gantry keeps the code" },
    "no-start": { type: "flag", summary: "do not start it" },
    subfolder: { type: "text", value: "dir", summary: "the folder of the repository that is the template" },
  },
  examples: [
    { line: "gantry new --list", what: "what there is" },
    { line: "gantry new fastapi blog", what: "the folder ./blog, and the app running" },
    { line: "gantry new flask poll --deploy", what: "the app alone" },
    { line: "gantry new https://git.example.org/me/start.git#main shop", what: "from a repository" },
  ],
  async run({ args: [template, name], options }, session) {
    if (options.list) return await list(template, session);
    if (template === undefined || name === undefined) throw missing(template);
    if (options.deploy && options.path !== undefined)
      throw new Failure("usage", "--deploy makes no folder, so --path has nothing to say", {
        code: "invalid-option",
        field: "path",
      });
    const daemon = session.daemon();
    await daemon.start();
    const body = {
      ...sourceOf(template, options.subfolder),
      name,
      start: !options.noStart,
      ...(!options.deploy && { folder: folderOf(options.path ?? name, session) }),
    };
    const asked = daemon.request("POST", "/api/apps/new", { body });
    const made = await withProgress(session.out, `Making ${harmless(name)}`, asked);
    return await follow(made, session);
  },
});

type Made = Data<"POST", "/api/apps/new">;

/** To the end of its deployment, where there is one. */
async function follow(made: Made, session: Session): Promise<Outcome> {
  const { out } = session;
  if (out.json) return await document(made, session);
  tellMade(made, out);
  const { app, folder, deployment } = made;
  const name = harmless(app.name);
  if (deployment === null) {
    if (out.quiet) out.print(name);
    out.note(`Start it with gantry start ${name}.`);
    return "done";
  }
  const outcome = await carryThrough(session, deployment);
  if (folder !== null) out.note(`Change its files, then: gantry restart ${name}`);
  return outcome;
}

/** On its way to somewhere else. */
const MOVING = new Set(["starting", "stopping"]);

async function document(made: Made, session: Session): Promise<Outcome> {
  const deployment = made.deployment && (await followDeployment(session, made.deployment));
  const done = ({ state }: { state: string }) => !MOVING.has(state);
  const [app = made.app] = await watchApps(session, { ids: [made.app.id], done });
  session.out.document({ ...made, app, deployment });
  return deployment === null || deployment.state === "done" ? "done" : "failed";
}

function tellMade({ app, folder, files, template, passwords }: Made, out: Output): void {
  const where = folder === null ? harmless(app.name) : harmless(folder);
  const count = `${files.length} ${files.length === 1 ? "file" : "files"}`;
  if (!out.quiet) out.print(`Made ${where} from the template ${harmless(template)}: ${count}.`);
  // Not a remark that --quiet takes away: nothing shows them again.
  for (const [name, value] of Object.entries(passwords))
    out.print(`${name} is ${out.paint(value, "yellow")} (note it: it is shown only now)`);
}

/** An address has what no name has. */
function sourceOf(template: string, subfolder: string | undefined) {
  if (!/[:/]/.test(template)) return { template, ...(subfolder !== undefined && { subfolder }) };
  const hash = template.indexOf("#");
  const [url, ref] = hash < 0 ? [template, ""] : [template.slice(0, hash), template.slice(hash + 1)];
  return { url, ...(ref !== "" && { ref }), ...(subfolder !== undefined && { subfolder }) };
}

function folderOf(path: string, { cwd }: Session): string {
  const { resolve } = process.getBuiltinModule("node:path");
  if (path === "") throw new Failure("invalid", "The path is empty", { code: "invalid-path", field: "path" });
  return resolve(cwd, path);
}

const missing = (template: string | undefined): Failure =>
  new Failure("usage", `new needs <${template === undefined ? "template" : "name"}>`, {
    code: "missing-argument",
    field: template === undefined ? "template" : "name",
    hint:
      template === undefined
        ? "gantry new --list shows the templates."
        : `For example: gantry new ${harmless(template)} my-app`,
  });

async function list(extra: string | undefined, session: Session): Promise<Outcome> {
  const { out } = session;
  if (extra !== undefined)
    throw new Failure("usage", "new takes either --list or a template", { code: "extra-argument" });
  const daemon = session.daemon();
  await daemon.start();
  const { templates } = await daemon.request("GET", "/api/templates");
  if (out.json) out.document({ templates });
  else if (out.quiet) for (const { name, problem } of templates) problem ?? out.print(harmless(name));
  else {
    await out.table(
      [{ head: "TEMPLATE" }, { head: "ORIGIN" }, { head: "WHAT IT IS", shrinkTo: 20 }],
      templates.map(({ name, origin, hides, title, description, problem }) => [
        name,
        hides ? "own, not built-in" : origin,
        problem === null ? description || title : { text: problem, colour: "red" as const },
      ]),
    );
    out.note("Make one with gantry new <template> <name>.");
  }
  return "done";
}
