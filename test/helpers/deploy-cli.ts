// Folders that a test deploys from the command line, and commands that it interrupts.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { DeploymentView } from "../../src/domain/deployment-view.ts";
import type { CliResult } from "./cli.ts";
import type { Gantry } from "./gantry.ts";
import { ask } from "./request.ts";
import { until } from "./until.ts";

/** An app that answers with `text`, `waitMs` after it was started. */
export const server = (text: string, waitMs = 0): Record<string, string> => ({
  "server.js": `setTimeout(() => require("node:http").createServer((_, a) => a.end(${JSON.stringify(text)})).listen(process.env.PORT, process.env.HOST), ${waitMs});\n`,
});

/** Returns the path of the folder. */
export function write(gantry: Gantry, folder: string, files: Record<string, string>): string {
  const path = join(gantry.folder, folder);
  mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

export const done = (result: CliResult): CliResult => {
  expect(result.code, `${result.stdout}\n${result.stderr}`).toBe(0);
  return result;
};

/** What the edge answers. */
export const page = async (gantry: Gantry, app: string): Promise<string> => (await ask(gantry.at(app))).text;

/** A command that a test interrupts; `end` resolves when it is over. */
export function begin(gantry: Gantry, args: string[], cwd = gantry.folder) {
  const program = join(import.meta.dirname, "..", "..", "bin", "gantry");
  const child = spawn(process.execPath, [program, ...args], { cwd, env: gantry.env });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (piece: Buffer) => (stdout += piece));
  child.stderr.on("data", (piece: Buffer) => (stderr += piece));
  const end = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr })),
  );
  return { child, end };
}

/** Of all deployments. */
export const newest = async (gantry: Gantry): Promise<DeploymentView> => {
  const { deployments } = (await gantry.cli(["deployments", "--json"])).json<{
    deployments: DeploymentView[];
  }>();
  if (deployments[0] === undefined) throw new Error("there is none");
  return deployments[0];
};

/** Resolves when the newest deployment is in this stage. */
export const inStage = (gantry: Gantry, stage: string): Promise<DeploymentView> =>
  until(`a deployment in ${stage}`, async () => {
    const now = await newest(gantry);
    return now.stages.some((one) => one.stage === stage && one.state === "running") && now;
  });
