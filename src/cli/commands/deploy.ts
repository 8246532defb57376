// `gantry deploy`: code becomes a release, and takes over when it is ready.
import type { DeploymentView } from "../../domain/deployment-view.ts";
import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { type Chosen, chooseSource } from "../deploy/choose-source.ts";
import { type GitSource, gitSource, hasPassword } from "../deploy/git-source.ts";
import { archiveFile, sendArchive } from "../deploy/send-archive.ts";
import { carryThrough } from "../deploy/tell-deployment.ts";
import { Failure } from "../failure.ts";
import { TOKEN_VARIABLE } from "../git-token.ts";
import { withProgress } from "../progress.ts";
import type { Session } from "../session.ts";

/** What goes with the code. */
interface Order {
  /** Id or name of the app that is there. */
  app: string | undefined;
  /** Of a new one. */
  name: string | undefined;
  message: string | undefined;
  subfolder: string | undefined;
  start: boolean;
}

interface Begun {
  deployment: DeploymentView;
  created: boolean;
}

export default command({
  description: `Validates, builds, starts and waits for health, then switches over; when anything fails, what served before goes on, and the command ends with 1. Without an app and a source a copy of the current folder is deployed: into the app that it belongs to, else into a new one. An app alone gets its draft, else what its source (folder, repository) has now. Gantry keeps a copy of all code that is deployed; gantry up runs a folder itself. Starts the daemon when none runs. Ctrl-C ends only the watching.
What opens a repository is kept encrypted. A password or token is asked for (--git-user), read from stdin, or from ${TOKEN_VARIABLE}.`,
  arguments: [
    { name: "app", summary: "its name; default: the app of the folder, or a new one", complete: "app" },
  ],
  options: {
    zip: { type: "text", value: "file", summary: "a ZIP archive, or - for stdin", complete: "path" },
    git: { type: "text", value: "url[#ref]", summary: "a repository; ref is a branch, tag or commit" },
    path: { type: "text", value: "folder", summary: "a copy of this folder", complete: "path" },
    subfolder: {
      type: "text",
      value: "path",
      summary: "the folder in the archive or repository that is the app",
    },
    name: { type: "text", short: "n", value: "name", summary: "the name of a new app" },
    message: {
      type: "text",
      short: "m",
      value: "text",
      summary: "what it is about; shown by gantry releases",
    },
    "no-start": { type: "flag", summary: "do not start an app that does not run" },
    detach: { type: "flag", short: "d", summary: "do not wait for its end" },
    "git-user": { type: "text", value: "name", summary: "who logs in at the repository" },
    "git-key": {
      type: "text",
      value: "file",
      summary: "a private SSH key for the repository",
      complete: "path",
    },
  },
  examples: [
    { line: "gantry deploy", what: "a copy of this folder" },
    { line: "gantry deploy notes -m 'Faster search'", what: "what the app's source has now" },
    { line: "gantry deploy --zip notes.zip", what: "a new app from an archive" },
    { line: "gantry deploy notes --git https://example.org/notes.git#v2", what: "a tag of a repository" },
  ],
  async run({ args: [app], options }, session) {
    const { out } = session;
    const { name, message, subfolder } = options;
    const chosen = chooseSource({ ...options, app }, session);
    const order: Order = { app, name, message, subfolder, start: !options.noStart };
    if (options.git !== undefined && hasPassword(options.git))
      out.warn(
        `The password stood in the command line: the list of processes and your shell's history may have it. Next time: ${TOKEN_VARIABLE}, or --git-user.`,
      );
    const begin = await prepare(chosen, order, { user: options.gitUser, key: options.gitKey }, session);
    await session.daemon().start();
    const { deployment, created } = await begin().catch((error) =>
      Promise.reject(advised(error, order, chosen)),
    );
    if (created) out.note(`${harmless(deployment.app)} is a new app.`);
    return await carryThrough(session, deployment, { detach: options.detach });
  },
});

/** Reads all that is to be read on this side; what it returns asks the daemon. */
async function prepare(
  chosen: Chosen,
  order: Order,
  login: { user: string | undefined; key: string | undefined },
  session: Session,
): Promise<() => Promise<Begun>> {
  if (chosen.type === "zip") {
    const file = archiveFile(chosen.file, session);
    return () => deployArchive(file, order, session);
  }
  if (chosen.type === "git") {
    const git = { git: chosen.address, gitUser: login.user, gitKey: login.key };
    const source = await gitSource(git, session);
    return () => deployRepository(source, order, session);
  }
  return () => withProgress(session.out, "Asking for the deploy", deployHere(chosen, order, session));
}

async function deployHere(
  chosen: Extract<Chosen, { type: "own" | "folder" }>,
  { app, name, message, start }: Order,
  session: Session,
): Promise<Begun> {
  const daemon = session.daemon();
  const more = { start, ...(message !== undefined && { message }) };
  if (app !== undefined) {
    const path = chosen.type === "folder" ? { path: chosen.path } : {};
    const params = { id: app };
    const deployment = await daemon.request("POST", "/api/apps/{id}/deploy", {
      params,
      body: { live: false, ...more, ...path },
    });
    return { deployment, created: false };
  }
  const path = chosen.type === "folder" ? chosen.path : session.cwd;
  const body = { path, ...(name !== undefined && { name }), ...more };
  return await daemon.request("POST", "/api/deploy", { body });
}

async function deployArchive(
  file: ReturnType<typeof archiveFile>,
  { start, ...texts }: Order,
  session: Session,
): Promise<Begun> {
  const given = Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const fields = { ...Object.fromEntries(given), start: String(start) };
  return begun(await sendArchive(file, fields, session), texts.app);
}

async function deployRepository(
  source: GitSource,
  { start, subfolder = "", app, name, message }: Order,
  session: Session,
): Promise<Begun> {
  const body = {
    ...source,
    subfolder,
    message: message ?? null,
    start,
    deploy: true,
    ...(app !== undefined && { app }),
    ...(name !== undefined && { name }),
  };
  const work = session.daemon().request("POST", "/api/apps/upload/git", { body });
  return begun(await withProgress(session.out, "Asking for the deploy", work), app);
}

function begun({ deployment }: { deployment: DeploymentView | null }, app: string | undefined): Begun {
  if (deployment === null) throw new Error("the daemon did not begin a deployment");
  return { deployment, created: app === undefined };
}

/** What to do about a name that is taken, or an app that is not there, is another thing here than elsewhere. */
function advised(error: unknown, { app, name }: Order, { type }: Chosen): unknown {
  if (!(error instanceof Failure)) return error;
  const { code } = error.facts;
  const option = type === "folder" ? "--path" : `--${type}`;
  if (code === "name-taken") {
    const taken = name ?? /named ([a-z0-9-]+) /.exec(error.message)?.[1] ?? "<app>";
    const hint = `gantry deploy ${taken} ${option} … deploys into that app; --name gives a new one another name.`;
    return new Failure(error.kind, error.message, { ...error.facts, hint });
  }
  if (code === "app-missing" && app !== undefined) {
    const hint = `gantry ls shows all apps. For a new one: gantry deploy --name ${harmless(app)}${type === "own" ? "" : ` ${option} …`}`;
    return new Failure(error.kind, error.message, { ...error.facts, hint });
  }
  return error;
}
