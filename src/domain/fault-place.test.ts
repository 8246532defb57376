// File and line out of what Python and Node print.
import { describe, expect, it } from "vitest";
import { faultPlace } from "./fault-place.ts";

const PYTHON = `Traceback (most recent call last):
  File "/envs/1/lib/python3/site-packages/uvicorn/main.py", line 9, in run
  File "/code/main.py", line 3, in <module>
    from lib import x
  File "/code/lib/x.py", line 12, in <module>
    raise KeyError("X")
KeyError: 'X'`;
const NODE = `/code/server.js:7
    throw new Error("x");
    ^
Error: x
    at run (/code/lib/run.js:3:9)
    at Object.<anonymous> (/code/server.js:9:1)
    at node:internal/modules/cjs/loader:1`;
const MODULE = `file:///code/server.mjs:2
import x from "./none.js"`;

const TABLE: [string, string, object | null][] = [
  ["the last frame of a Python traceback in the code", PYTHON, { file: "lib/x.py", line: 12 }],
  ["the line that Node shows", NODE, { file: "server.js", line: 7 }],
  ["a module of Node", MODULE, { file: "server.mjs", line: 2 }],
  ["a place elsewhere is none", 'File "/other/main.py", line 3', null],
  ["nor one in a dependency", "at x (/code/node_modules/y/index.js:1:2)", null],
  ["nothing", "listening on port 5000", null],
];

describe("faultPlace", () => {
  it.each(TABLE)("%s", (_name, text, expected) => {
    expect(faultPlace(text.split("\n"), "/code")).toEqual(expected);
  });
});
