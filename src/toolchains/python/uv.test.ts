import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCommand } from "../../lib/run-command.ts";

let dir: string;
let server: Server;
let digest: string;

/** A package index with one wheel for this machine, and one for another that is newer. */
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "gantry-uv-"));
  const wheel = join(dir, "wheel.whl");
  const zip =
    "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w').writestr('uv-1.10.0.data/scripts/uv', 'the program')";
  execFileSync("python3", ["-c", zip, wheel]);
  digest = createHash("sha256").update(readFileSync(wheel)).digest("hex");
  const machine = execFileSync("python3", ["-c", "import platform; print(platform.machine())"], {
    encoding: "utf8",
  }).trim();
  server = createServer((request, response) => {
    if (request.url?.endsWith(".whl")) return response.end(readFileSync(wheel));
    const tag = `manylinux_2_17_${machine}.manylinux2014_${machine}`;
    const names = [
      `uv-1.9.0-py3-none-${tag}.whl`,
      `uv-1.10.0-py3-none-${tag}.whl`,
      "uv-2.0.0-py3-none-win32.whl",
    ];
    return response.end(
      names.map((name) => `<a href="../../files/${name}#sha256=${digest}">${name}</a>`).join("\n"),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

function fetchUv(more: NodeJS.ProcessEnv = {}) {
  const index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
  const env = { PATH: process.env.PATH, UV_DEFAULT_INDEX: index, ...more };
  const script = join(import.meta.dirname, "fetch_uv.py");
  return runCommand("python3", ["-I", script, join(dir, "out")], { cwd: dir, env });
}

describe.runIf(process.platform === "linux")("fetching uv without pip", () => {
  it("takes the newest one for this machine", async () => {
    expect(await fetchUv()).toMatchObject({ code: 0 });
    expect(readFileSync(join(dir, "out/bin/uv"), "utf8")).toBe("the program");
    expect(statSync(join(dir, "out/bin/uv")).mode & 0o777).toBe(0o755);
  });

  it("refuses a damaged file", async () => {
    digest = "0".repeat(64);
    const result = await fetchUv();
    expect(result.code).toBe(1);
    expect(result.lines.at(-1)).toBe("the file from the index is damaged");
    expect(existsSync(join(dir, "out"))).toBe(false);
  });

  it("needs to know an index", async () => {
    const result = await fetchUv({ UV_DEFAULT_INDEX: "" });
    expect(result.lines.at(-1)).toContain("no package index is configured");
  });
});
