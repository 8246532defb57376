// Git over HTTP: passwords, redirects, old, slow and endless servers.
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { band, endless } from "../../../test/helpers/endless-fetch.ts";
import { gitBed } from "../../../test/helpers/git-bed.ts";
import { type GitRepository, gitRepository } from "../../../test/helpers/git-repository.ts";
import { type GitServerOptions, gitServer } from "../../../test/helpers/git-server.ts";
import { until } from "../../../test/helpers/until.ts";

const USER = "ada@example.org";
const PASSWORD = "s3cr%t /:ü@#'\"$(id)";
const credential = { type: "token", username: USER, password: PASSWORD } as const;
const FORMS = [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(`${USER}:${PASSWORD}`).toString("base64")];

let bed: ReturnType<typeof gitBed>;
let repo: GitRepository;
let root: string;
let [first, second] = ["", ""];
let server: Awaited<ReturnType<typeof gitServer>>;

beforeAll(() => {
  repo = gitRepository();
  root = join(repo.dir, "..");
  first = repo.commit({ "app.py": "one" }, "First");
  second = repo.commit({ "app.py": "two" }, "Second");
  repo.commit({ "app.py": "three" }, "Third");
});
afterAll(() => repo.end());
beforeEach(() => {
  bed = gitBed();
});
afterEach(async () => {
  await server.end();
  expect(bed.left()).toEqual([]);
  bed.end();
});

const serve = async (options: Partial<GitServerOptions> = {}) => {
  server = await gitServer({ root, ...options });
  return server.url;
};

/** Command lines and environments of all processes whose environment says that they belong to this bed. */
function processTexts(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8"), readFileSync(`/proc/${pid}/environ`, "utf8")];
      } catch {
        return [];
      }
    });
}

const ours = (): string[] => processTexts().filter((text) => text.includes(bed.home));

describe("a credential", () => {
  test("is handed to the server, and is in no command line, environment, line of progress or file that stays", async () => {
    const seen: string[] = [];
    let files: number[] = [];
    const url = await serve({
      password: `${USER}:${PASSWORD}`,
      intercept: (request) => {
        if (request.headers.authorization === undefined) return false;
        seen.push(...ours());
        const dir = join(bed.home, "git", "fetches");
        const [fetch = ""] = readdirSync(dir);
        files = [join(dir, fetch), join(dir, fetch, "credentials")].map(
          (path) => statSync(path).mode & 0o777,
        );
        return false;
      },
    });
    const { files: got } = await bed.fetch({ url, credential });
    expect(got).toEqual({ "app.py": "three" });
    expect(seen.join("\n")).toContain("fetch");
    for (const form of FORMS) {
      expect(seen.join("\n")).not.toContain(form);
      expect(bed.lines.join("\n")).not.toContain(form);
    }
    expect(files).toEqual([0o700, 0o600]);
  });

  test("may stand in the address, which is not shown with it", async () => {
    const url = await serve({ password: `${USER}:${PASSWORD}` });
    const [user, password] = [USER, PASSWORD].map(encodeURIComponent);
    const { files } = await bed.fetch({ url: url.replace("//", `//${user}:${password}@`) });
    expect(files).toEqual({ "app.py": "three" });
    expect(bed.lines[0]).toBe(`Fetching the default branch of ${url}`);
  });

  test("may be a token alone", async () => {
    const url = await serve({ password: "t0ken:" });
    const order = { url, credential: { type: "token", username: "t0ken", password: "" } as const };
    expect((await bed.fetch(order)).files).toEqual({ "app.py": "three" });
  });

  test("that is wrong is told from one that is missing", async () => {
    const url = await serve({ password: "other:word" });
    const failed = await bed.fetch({ url, credential }).catch((error: Error) => error);
    expect(failed).toMatchObject({
      code: "git-failed",
      message: "The repository can't be fetched: the user name or the token is refused",
    });
    for (const form of FORMS) expect(JSON.stringify(failed) + String(failed)).not.toContain(form);
    await expect(bed.fetch({ url })).rejects.toMatchObject({
      message: "The repository can't be fetched: it is not there, or not for everybody",
      hint: expect.stringContaining("token"),
    });
  });

  test("is not told by a server that repeats it", async () => {
    const url = await serve({
      intercept: (request, response) => {
        if (request.headers.authorization === undefined) {
          response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
          return true;
        }
        const text = `ERR ${FORMS.join(" and ")} \u001b]0;title\u0007\n`;
        const line = (Buffer.byteLength(text) + 4).toString(16).padStart(4, "0") + text;
        response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
        response.end(`001e# service=git-upload-pack\n0000${line}`);
        return true;
      },
    });
    const failed = await bed.fetch({ url, credential }).catch((error: Error) => error);
    expect(failed).toMatchObject({
      code: "git-failed",
      message: expect.stringContaining("••• and ••• and •••"),
    });
    expect(String(failed)).not.toContain("\u001b");
    for (const form of FORMS) expect(JSON.stringify(failed) + String(failed)).not.toContain(form);
  });

  test("does not follow a redirect to another host", async () => {
    const thief = await gitServer({ root, password: "x:y" });
    const url = await serve({
      intercept: (request, response) => {
        response.writeHead(302, { location: `http://localhost:${thief.port}${request.url}` }).end();
        return true;
      },
    });
    await expect(bed.fetch({ url, credential })).rejects.toMatchObject({ code: "git-failed" });
    expect(thief.requests.length).toBeGreaterThan(0);
    expect(thief.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    await thief.end();
  });

  test("must fit the address", async () => {
    await serve();
    await expect(bed.fetch({ url: "/tmp", credential })).rejects.toMatchObject({ code: "invalid-input" });
  });
});

describe("a server", () => {
  test("of the old protocol gives an old commit by way of a branch", async () => {
    const url = await serve({ old: true });
    for (const ref of [first, second.slice(0, 8)]) {
      const { commit, files } = await bed.fetch({ url, ref });
      expect([commit, files["app.py"]]).toEqual(ref === first ? [first, "one"] : [second, "two"]);
    }
  });

  test.each<[string, (response: ServerResponse) => void, string]>([
    ["404", (r) => r.writeHead(404).end(), "it is not there, or not for everybody"],
    ["403", (r) => r.writeHead(403).end(), "the user name or the token is refused"],
    ["500", (r) => r.writeHead(500).end(), "the server is in trouble (HTTP 500)"],
    [
      "a web page",
      (r) => r.writeHead(200, { "content-type": "text/html" }).end(`<h1>${"hi ".repeat(30)}\n`),
      "there is no Git repository at this address",
    ],
    [
      "a redirect to a folder",
      (r) => r.writeHead(302, { location: `file://${repo.dir}` }).end(),
      "the server points to another address, with file",
    ],
    ["a hang-up", (r) => void r.destroy(), "the transfer broke off"],
  ])("that answers with %s is understood", async (_what, answer, reason) => {
    const url = await serve({
      intercept: (_request, response) => {
        answer(response);
        return true;
      },
    });
    await expect(bed.fetch({ url })).rejects.toMatchObject({
      code: "git-failed",
      message: expect.stringContaining(`The repository can't be fetched: ${reason}`),
    });
  });
});

describe("an endless fetch", () => {
  /** What is still running of it. */
  const gone = () => until("git to be gone", () => ours().length === 0);

  test("that brings nothing is given up", async () => {
    const url = await serve({ intercept: endless(repo, () => {}) });
    await expect(bed.fetch({ url }, { limits: { stallMs: 500 } })).rejects.toMatchObject({
      message: "The repository can't be fetched: nothing came from it for 500ms",
    });
    await gone();
  });

  test("that only tells of its progress ends with the time", async () => {
    const timers: NodeJS.Timeout[] = [];
    const url = await serve({
      intercept: endless(repo, (response) => {
        timers.push(setInterval(() => response.write(band(2, Buffer.from("Counting objects: 1\r"))), 20));
      }),
    });
    await expect(bed.fetch({ url }, { limits: { stallMs: 600, totalMs: 2_000 } })).rejects.toMatchObject({
      message: "The repository can't be fetched: it takes longer than 2s",
    });
    for (const timer of timers) clearInterval(timer);
    await gone();
  });

  test("that brings more and more ends at the limit of bytes", async () => {
    const big = gitRepository();
    big.commit({ large: randomBytes(30 * 2 ** 20) });
    await expect(bed.fetch({ url: big.url }, { limits: { maxBytes: 4 * 2 ** 20 } })).rejects.toMatchObject({
      code: "too-large",
      message: "The repository is larger than 4 MiB",
    });
    await serve();
    await gone();
    big.end();
  });

  test("is ended by its signal, with all of its processes", async () => {
    const url = await serve({ intercept: endless(repo, () => {}) });
    const abort = new AbortController();
    const fetching = bed.fetch({ url, signal: abort.signal });
    await until("git to wait for the pack", () => ours().some((text) => text.includes("index-pack")));
    const reason = new Error("cancelled");
    abort.abort(reason);
    await expect(fetching).rejects.toBe(reason);
    expect(ours()).toEqual([]);
  });

  test("is not begun when its signal is over already", async () => {
    const url = await serve();
    const reason = new Error("before");
    await expect(bed.fetch({ url, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });
});

test("a blob over the limit of the tree is refused while it comes", async () => {
  await serve();
  const big = gitRepository();
  big.commit({ bomb: Buffer.alloc(200 * 2 ** 20) });
  const small = gitBed({ treeLimits: { maxBytes: 2 ** 20, maxFiles: 10 } });
  await expect(small.fetch({ url: big.url })).rejects.toMatchObject({ code: "too-large" });
  expect(small.left()).toEqual([]);
  small.end();
  big.end();
});
