// The edge process: serves routes.json from its start, takes newer tables from the daemon, and needs no daemon to go on.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRouteTable, ROUTES_FILE } from "../protocol.ts";
import { ControlServer } from "./control-server.ts";
import { EdgeServer } from "./edge-server.ts";
import { listenAll } from "./listen-all.ts";

/** One JSON line on stdout, which is the process's log file. */
function log(message: string, details: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), message, ...details })}\n`);
}

async function loadRoutes(edge: EdgeServer, dir: string): Promise<void> {
  let text: string;
  try {
    text = readFileSync(join(dir, ROUTES_FILE), "utf8");
  } catch {
    log("there are no stored routes yet");
    return;
  }
  try {
    const table: unknown = JSON.parse(text);
    if (!isRouteTable(table)) throw new Error("it is no route table");
    for (const problem of await edge.use(table)) log(problem);
  } catch (error) {
    log("the stored routes can't be used; the daemon will send new ones", {
      error: (error as Error).message,
    });
  }
}

async function main(): Promise<void> {
  const dir = process.env.GANTRY_EDGE_DIR ?? "";
  const listen = process.env.GANTRY_EDGE_LISTEN ?? "";
  if (dir === "" || listen === "") throw new Error("GANTRY_EDGE_DIR and GANTRY_EDGE_LISTEN must be set");
  const edge = new EdgeServer(log);
  await loadRoutes(edge, dir);
  const addresses = await listenAll(edge, dir, listen, log);
  const control = new ControlServer(edge, dir, process.pid);
  await control.listen();
  log("the edge serves", { addresses, version: edge.parts.routes.version });
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await edge.stop();
    control.close();
    process.exitCode = 0;
    setTimeout(() => process.exit(0), 500).unref();
  };
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => void stop());
}

/** What nobody caught must not end what serves every app; it is a bug and is said as such. */
process.on("uncaughtException", (error) => log("bug in the edge", { error: error.stack ?? String(error) }));

main().catch((error: Error) => {
  log("the edge can't start", { error: error.message });
  process.exit(1);
});
