// `gantry deployments`: what was deployed, how it went, and what it printed.
import type { DeploymentView } from "../../domain/deployment-view.ts";
import { harmless } from "../../lib/harmless-text.ts";
import { command, type Outcome } from "../command.ts";
import { deploymentColumns, deploymentRow, describeDeployment } from "../deploy/deployment-table.ts";
import { carryThrough } from "../deploy/tell-deployment.ts";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";

const DEFAULT_TAIL = 20;
/** No app's name has an underscore. */
const DEPLOYMENT_ID = /^d_\w+$/;

export default command({
  description: "Newest first. The id of a deployment shows that one, with its stages.",
  arguments: [{ name: "app|id", summary: "only those of this app, or one deployment", complete: "app" }],
  options: {
    tail: {
      type: "number",
      short: "n",
      value: "deployments",
      min: 1,
      max: 1_000,
      summary: `so many; default: ${DEFAULT_TAIL}`,
    },
    log: { type: "flag", short: "l", summary: "of one: all that its fetch and build printed" },
    follow: { type: "flag", short: "f", summary: "of one: wait for its end, as gantry deploy does" },
    cancel: { type: "flag", summary: "of one: end it; what served before goes on" },
  },
  examples: [
    { line: "gantry deployments notes", what: "the latest of an app" },
    { line: "gantry deployments d_1m7vxqafxzqfjq00h --log", what: "what one of them printed" },
    { line: "gantry deployments d_1m7vxqafxzqfjq00h --cancel", what: "end one that is under way" },
  ],
  async run({ args: [what], options }, session) {
    const { log, follow, cancel, tail } = options;
    const chosen = Object.entries({ log, follow, cancel }).flatMap(([name, given]) => (given ? [name] : []));
    if (chosen.length > 1)
      throw new Failure("usage", `deployments takes one of --${chosen.join(" and --")}`, {
        code: "invalid-option",
      });
    if (what !== undefined && DEPLOYMENT_ID.test(what)) return await one(what, chosen[0], session);
    if (chosen[0] !== undefined)
      throw new Failure("usage", `--${chosen[0]} needs the id of a deployment`, {
        code: "missing-argument",
        hint: "gantry deployments shows the ids.",
      });
    const { deployments } = await session.daemon().request("GET", "/api/deployments", {
      query: { limit: tail ?? DEFAULT_TAIL, ...(what !== undefined && { app: what }) },
    });
    await list(deployments, session);
    return "done";
  },
});

async function list(deployments: DeploymentView[], { out }: Session): Promise<void> {
  if (out.json) return out.document({ deployments });
  if (out.quiet)
    return deployments.length === 0 ? undefined : out.print(deployments.map(({ id }) => id).join("\n"));
  if (deployments.length === 0) return out.note("Nothing was deployed yet.");
  const now = Date.now();
  await out.table(
    deploymentColumns,
    deployments.map((row) => deploymentRow(row, now)),
  );
}

async function one(id: string, wish: string | undefined, session: Session): Promise<Outcome> {
  const { out } = session;
  const daemon = session.daemon();
  const params = { id };
  if (wish === "log") return await showLog(id, session);
  if (wish === "cancel") {
    const row = await daemon.request("POST", "/api/deployments/{id}/cancel", { params });
    if (out.json) out.document(row);
    else if (!out.quiet)
      out.print(`The deploy of ${harmless(row.app)} is cancelled; what served before goes on.`);
    return "done";
  }
  const row = await daemon.request("GET", "/api/deployments/{id}", { params });
  if (wish === "follow") return await carryThrough(session, row);
  if (out.json) out.document(row);
  else if (out.quiet) out.print(row.state);
  else for (const line of describeDeployment(row, out.paint, Date.now())) out.verbatim(line);
  return "done";
}

async function showLog(id: string, session: Session): Promise<Outcome> {
  const { out } = session;
  const utf8 = new TextDecoder();
  const all: string[] = [];
  let rest = "";
  const show = (lines: string[]) => {
    if (out.json) all.push(...lines);
    else if (lines.length > 0)
      out.verbatim(lines.map((line) => harmless(line, { colours: out.terminal.colours })).join("\n"));
  };
  for await (const piece of session.daemon().bytes("/api/deployments/{id}/log", { params: { id } })) {
    const lines = (rest + utf8.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    show(lines);
  }
  if (rest !== "") show([rest]);
  if (out.json) out.document({ id, lines: all });
  return "done";
}
