import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { explainFailure } from "./failure.ts";

const dir = mkdtempSync(join(tmpdir(), "gantry-failure-"));
const file = join(dir, "requirements.txt");
writeFileSync(file, "# pinned\nflask\nNumPy==1.19.0 \\\n  --hash=sha256:0\nsix==99\n");
afterAll(() => rmSync(dir, { recursive: true }));

const said: [string, string, string][] = [
  [
    "uv, unknown package",
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because six was not found in the package registry and you require six==99, we can conclude that your requirements are unsatisfiable.",
    "requirements.txt:5: there is no package six",
  ],
  [
    "uv, wrapped lines",
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because there is no version of six==99 and you require\n      six==99, we can conclude that your requirements are unsatisfiable.",
    "requirements.txt:5: no version of six==99 exists",
  ],
  [
    "uv, contradiction",
    "  ╰─▶ Because flask==3.0 depends on werkzeug>=3 and you require werkzeug<1, we can conclude that your requirements are unsatisfiable.",
    "the requirements contradict each other: Because flask==3.0 depends on werkzeug>=3 and you require werkzeug<1",
  ],
  [
    "uv, build",
    "error: Failed to build `numpy==1.19.0`\n  cause: The build backend returned an error\n  [stderr]\n  src/x.c:33:10: fatal error: Python.h: No such file or directory",
    "requirements.txt:3: numpy 1.19.0 failed to build: it needs the C header Python.h",
  ],
  [
    "pip, build without compiler",
    "  error: command 'gcc' failed: No such file or directory\n  [end of output]\n  ERROR: Failed building wheel for numpy\nERROR: Could not build wheels for numpy",
    "requirements.txt:3: numpy failed to build: it needs gcc",
  ],
  [
    "pip, unknown version",
    "ERROR: Could not find a version that satisfies the requirement six==99 (from versions: 1.0, 1.1)\nERROR: No matching distribution found for six==99",
    "requirements.txt:5: there is no version six==99 in the package index",
  ],
  [
    "pip, unknown package",
    "ERROR: Could not find a version that satisfies the requirement six (from versions: none)\nERROR: No matching distribution found for six",
    "requirements.txt:5: there is no package six",
  ],
  [
    "uv, missing file",
    "error: Error parsing included file in `requirements.txt` at position 6\n  cause: failed to read from file `/x/other.txt`: No such file or directory (os error 2)",
    "other.txt is included but does not exist",
  ],
  [
    "pip, missing file",
    "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'other.txt'",
    "other.txt is included but does not exist",
  ],
  [
    "no network",
    "error: Failed to fetch: `https://index.example/simple/six/`\n  Caused by: dns error: failed to lookup address information",
    "no network: could not reach the package index at index.example",
  ],
  [
    "a certificate that is not trusted",
    "error: Failed to fetch: `https://index.example/simple/six/`\n  Caused by: invalid peer certificate: UnknownIssuer\n  error sending request",
    "the certificate of the package index at index.example is not trusted",
  ],
  [
    "Debian without python3-venv",
    "The virtual environment was not created successfully because ensurepip is not\navailable.  On Debian/Ubuntu systems, you need to install the python3-venv\npackage using the following command.\n\n    apt install python3.11-venv\n",
    "this machine's Python can't make environments: the package python3.11-venv is missing",
  ],
  [
    "a full disk",
    "OSError: [Errno 28] No space left on device",
    "the disk is full: the dependencies could not be installed",
  ],
  [
    "anything else",
    "some output\nerror: strange things\nhint: none",
    "the dependencies could not be installed: strange things",
  ],
  ["nothing", "", "the dependencies could not be installed: no output"],
];

it.each(said)("%s", async (_name, output, reason) => {
  expect(
    (await explainFailure(output.split("\n"), { source: "requirements.txt", files: [file] })).reason,
  ).toBe(reason);
});

it("never shows credentials of the index", async () => {
  const output = "error: Failed to fetch: `https://me:secret@index.example/simple/six/`\nconnection refused";
  const { reason } = await explainFailure([output], { source: null, files: [] });
  expect(reason).not.toContain("secret");
});
