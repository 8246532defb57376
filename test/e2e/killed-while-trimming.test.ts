// Promises 1, 3 and 5: kill -9 of the daemon while it frees the head of a log tears no line and loses none behind the head.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inState } from "../helpers/apps.ts";
import { killDaemon } from "../helpers/daemon.ts";
import { sequenceFaults } from "../helpers/sequence.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { pause, until } from "../helpers/until.ts";

const MB = 1024 * 1024;

/** Some MB of numbered lines a second, unless there is a file named quiet. */
const FLOOD = `
import os, time
number = 0
while True:
    if os.path.exists("quiet"):
        time.sleep(0.01)
        continue
    lines = []
    for _ in range(500):
        number += 1
        lines.append(f"seq {number} of {os.getpid()}\\n")
    os.write(1, "".join(lines).encode())
    time.sleep(0.002)
`;

/** What is wrong with lines that may begin with any number. */
function faultsOf(lines: string[]): string[] {
  const first = Number(/^seq (\d+) of \d+$/.exec(lines[0] ?? "")?.[1]);
  if (!(first > 1)) return [`the first line is ${JSON.stringify(lines[0]?.slice(0, 100))}`];
  return sequenceFaults(
    lines.map((line) => line.replace(/^seq (\d+)/, (_, number) => `seq ${Number(number) - first + 1}`)),
  );
}

test("a flood under its cap is whole behind the freed head, whenever the daemon is killed", async () => {
  const gantry = await startGantry({ env: { GANTRY_LOG_MAX_MB: "1" } });
  const folder = join(gantry.folder, "flood");
  const quiet = join(folder, "quiet");
  mkdirSync(folder);
  writeFileSync(join(folder, "flood.py"), FLOOD);
  const [app] = await gantry.up({ flood: { path: "./flood", run: "python3 flood.py", port: "none" } });
  const logs = join(gantry.home, "apps", "flood", "logs");
  const taken = () =>
    readdirSync(logs).reduce((sum, name) => sum + statSync(join(logs, name)).blocks * 512, 0);
  for (let round = 0; round < 4; round++) {
    rmSync(quiet, { force: true });
    await pause(500 + Math.random() * 800);
    // Nothing that is written later mends what the dead daemon has left.
    writeFileSync(quiet, "");
    await killDaemon(gantry);
    await until("the cap to hold again", () => taken() <= 2 * MB);
    const lines = await gantry.logs("flood");
    expect(faultsOf(lines)).toEqual([]);
    expect(lines.length).toBeGreaterThan(1_000);
  }
  expect((await inState(gantry, "flood", "running")).pid).toBe(app?.pid);
});
