// Promise: a deploy that fails leaves all as it was: settings that came with its code, and what can be done to the app.
import { expect, test } from "vitest";
import { done, write } from "../helpers/deploy-cli.ts";
import { startGantry } from "../helpers/start-gantry.ts";

const GOOD = `
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"good")
http.server.HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
`;

test("settings of a manifest come with the code: a deploy that fails leaves those of before", async () => {
  const gantry = await startGantry();
  const manifest = (env: string) => JSON.stringify({ name: "web", env: { GREETING: env } });
  const folder = write(gantry, "web", { "main.py": GOOD, "gantry.yaml": manifest("one") });
  done(await gantry.cli(["deploy"], { cwd: folder }));
  const greeting = async () => (await gantry.cli(["env", "get", "web", "GREETING"])).stdout.trim();
  expect(await greeting()).toBe("one");
  write(gantry, "web", { "main.py": `import sys\nsys.exit(3)\n${GOOD}`, "gantry.yaml": manifest("two") });
  expect((await gantry.cli(["deploy"], { cwd: folder })).code).toBe(1);
  expect(await greeting()).toBe("one");
  expect((await gantry.app("web")).notApplied).toEqual([]);
  write(gantry, "web", { "main.py": GOOD });
  done(await gantry.cli(["deploy"], { cwd: folder }));
  expect(await greeting()).toBe("two");
});

test("a restart after a failed deploy is a restart like any other", async () => {
  const gantry = await startGantry();
  const folder = write(gantry, "web", { "main.py": GOOD });
  done(await gantry.cli(["deploy"], { cwd: folder }));
  write(gantry, "web", { "main.py": `import sys\nsys.exit(3)\n${GOOD}` });
  expect((await gantry.cli(["deploy"], { cwd: folder })).code).toBe(1);
  const { pid } = await gantry.app("web");
  done(await gantry.cli(["restart", "web"]));
  expect((await gantry.app("web")).pid).not.toBe(pid);
});
