// A Gantry of its own for one benchmark, ended whatever happens.

import { createGantry, type Gantry } from "../test/helpers/gantry.ts";

/** Starts a daemon as people do (the first command that needs one starts it), hands it over, and ends everything afterwards. */
export async function withGantry<T>(work: (gantry: Gantry) => Promise<T>): Promise<T> {
  const gantry = await createGantry({ env: { NODE_EXTRA_CA_CERTS: "" } });
  try {
    await startDaemon(gantry);
    return await work(gantry);
  } finally {
    await gantry.end();
  }
}

async function startDaemon(gantry: Gantry): Promise<void> {
  const { code, stderr } = await gantry.cli([
    "register",
    "--name",
    "first",
    "--run",
    "true",
    "--port",
    "none",
  ]);
  if (code !== 0) throw new Error(`the daemon was not started: ${stderr}`);
  await gantry.api("DELETE", "/api/apps/first?purge=true");
}

/** Registers `count` apps that only sleep so many seconds, `sleep-<from>` and on, without starting them. */
export async function addSleepers(
  gantry: Gantry,
  from: number,
  count: number,
  seconds = 100_000,
): Promise<void> {
  for (let i = from; i < from + count; i += 20) {
    const names = Array.from({ length: Math.min(20, from + count - i) }, (_, k) => `sleep-${i + k}`);
    const answers = await Promise.all(
      names.map((name) =>
        gantry.api("POST", "/api/apps", { name, path: gantry.folder, run: `sleep ${seconds}`, port: "none" }),
      ),
    );
    const bad = answers.find(({ status }) => status !== 201);
    if (bad !== undefined) throw new Error(`an app was not created: ${bad.status} ${bad.text}`);
  }
}
