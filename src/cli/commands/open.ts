// `gantry open`: an app or the dashboard in the browser.

import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { Failure } from "../failure.ts";
import type { Session } from "../session.ts";

export default command({
  description:
    "Prints the address; on a desktop it opens the browser, too. Without an app it makes a link to the dashboard that signs one browser in, once, within five minutes.",
  arguments: [{ name: "app", summary: "default: the dashboard", complete: "app" }],
  options: {},
  examples: [
    { line: "gantry open notes", what: "the app" },
    { line: "gantry open", what: "the dashboard" },
  ],
  async run({ args }, session) {
    const { out } = session;
    const url = args[0] === undefined ? await dashboardLink(session) : await appUrl(args[0], session);
    if (out.json) return out.document({ url });
    out.print(harmless(url));
    if (session.out.terminal.out && canBrowse(session.env)) browse(url);
  },
});

const dashboardLink = async (session: Session): Promise<string> =>
  (await session.daemon().request("POST", "/api/auth/link")).url;

async function appUrl(id: string, session: Session): Promise<string> {
  const app = await session.daemon().request("GET", "/api/apps/{id}", { params: { id } });
  if (app.url === null) throw new Failure("failed", `${app.name} has no URL: it opens no port`);
  if (app.state !== "running") session.out.warn(`${harmless(app.name)} is ${app.state}.`);
  return app.url;
}

const canBrowse = (env: NodeJS.ProcessEnv): boolean =>
  process.platform === "darwin" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);

/** Never waits for the browser; one that is missing is no error, because the address was printed. */
function browse(url: string): void {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  spawn(opener, [url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
