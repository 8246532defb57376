// Each built-in template becomes an app that works, with packages from the registries.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AppView } from "../../src/domain/app-view.ts";
import type { DeploymentView } from "../../src/domain/deployment-view.ts";
import type { Gantry } from "../helpers/gantry.ts";
import { type Answer, type Ask, ask } from "../helpers/request.ts";
import { startGantry } from "../helpers/start-gantry.ts";
import { until } from "../helpers/until.ts";

interface Made {
  app: AppView;
  folder: string | null;
  files: string[];
  passwords: Record<string, string>;
}

interface Bed {
  gantry: Gantry;
  made: Made;
  get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  post: (path: string, form: Record<string, string>, headers?: Record<string, string>) => Promise<Answer>;
  send: (method: string, path: string, body: unknown) => Promise<Answer>;
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

const CHECKS: Record<string, (bed: Bed) => Promise<void>> = {
  async nextjs({ get }) {
    const page = (await get("/")).text;
    expect(page).toContain("<title>nextjs</title>");
    const [style] = /\/_next\/static\/[^"]+\.css/.exec(page) ?? [];
    expect((await get(style ?? "/none")).text).toContain("color-scheme");
    expect((await get("/api/health")).json()).toEqual({ ok: true });
  },
  async django({ get, post, made }) {
    expect((await get("/")).text).toContain("Nothing is written yet");
    const login = await get("/admin/login/?next=/admin/journal/entry/add/");
    expect(login.text).toContain("django");
    expect((await get("/static/admin/css/base.css")).status).toBe(200);
    const cookies = (answer: Answer) =>
      [answer.headers["set-cookie"] ?? []].flat().map((each) => each.split(";")[0] ?? "");
    const token = (answer: Answer) => /name="csrfmiddlewaretoken" value="(\w+)"/.exec(answer.text)?.[1] ?? "";
    const wrong = { csrfmiddlewaretoken: token(login), username: "admin", password: "wrong" };
    const refused = await post("/admin/login/", wrong, { cookie: cookies(login).join("; ") });
    expect(refused.text).toContain("Please enter the correct");
    const right = { ...wrong, password: made.passwords.ADMIN_PASSWORD ?? "" };
    const entered = await post("/admin/login/?next=/admin/", right, { cookie: cookies(login).join("; ") });
    expect(entered.status).toBe(302);
    const session = cookies(entered).join("; ");
    const blank = await get("/admin/journal/entry/add/", { cookie: session });
    expect(blank.text).toContain("Empty: a draft.");
    const entry = {
      csrfmiddlewaretoken: token(blank),
      title: "First <b>words</b>",
      slug: "first",
      text: "Hello.",
      published_at_0: "2020-01-01",
      published_at_1: "00:00:00",
    };
    expect((await post("/admin/journal/entry/add/", entry, { cookie: session })).status).toBe(302);
    expect((await get("/entries/first/")).text).toContain("First &lt;b&gt;words&lt;/b&gt;");
  },
  async "fastapi-notes"({ gantry, get, post }) {
    expect((await get("/")).text).toContain("Nothing here yet");
    const added = await post("/notes", { title: "Buy <milk>", body: "two" });
    expect(added).toMatchObject({ status: 303, headers: { location: "/notes/1" } });
    expect((await get("/notes/1")).text).toContain("Buy &lt;milk&gt;");
    expect((await post("/notes/1", { title: "Buy <milk>", body: "three" })).status).toBe(303);
    await gantry.api("PATCH", "/api/apps/fastapi-notes/draft", {
      files: { "static/style.css": "/* new */" },
    });
    const { id } = (await gantry.api("POST", "/api/apps/fastapi-notes/deploy", {})).json<DeploymentView>();
    const { state } = await over(gantry, id);
    expect(state).toBe("done");
    expect((await get("/static/style.css")).text).toBe("/* new */");
    expect((await get("/?q=MILK")).text).toContain("Buy &lt;milk&gt;");
    expect((await get("/?q=juice")).text).toContain("Nothing was found");
    expect((await post("/notes/1/remove", {})).status).toBe(303);
    expect((await get("/health")).json()).toEqual({ notes: 0 });
  },
  async "fastapi-jwt"({ gantry, get, post, send }) {
    expect((await get("/")).text).toContain("Sign in");
    const ada = { username: "ada", password: "correct horse" };
    expect((await get("/me")).status).toBe(401);
    expect((await send("POST", "/users", { ...ada, password: "short" })).status).toBe(422);
    expect((await send("POST", "/users", ada)).status).toBe(201);
    expect((await send("POST", "/users", ada)).status).toBe(409);
    expect((await post("/token", { ...ada, password: "battery staple" })).status).toBe(401);
    const { access_token } = (await post("/token", ada)).json<{ access_token: string }>();
    const me = (token: string) => get("/me", { authorization: `Bearer ${token}` });
    expect((await me(access_token)).json()).toMatchObject({ username: "ada" });
    expect((await me(`${access_token.slice(0, -4)}AAAA`)).status).toBe(401);
    expect((await gantry.cli(["restart", "fastapi-jwt"])).code).toBe(0);
    expect((await me(access_token)).status).toBe(200);
    const secrets = await gantry.cli(["secret", "list", "fastapi-jwt", "--json"]);
    expect(secrets.stdout).toContain("JWT_SECRET");
  },
  async "fastapi-multi"({ get, send }) {
    expect((await get("/")).text).toContain("<h1>fastapi-multi</h1>");
    expect((await send("POST", "/tasks", { project_id: 1, title: "x" })).status).toBe(404);
    expect((await send("POST", "/projects", { name: "Garden" })).json()).toEqual({ id: 1, name: "Garden" });
    expect((await send("POST", "/projects", { name: "Garden" })).status).toBe(409);
    expect((await send("POST", "/tasks", { project_id: 1, title: "Dig" })).status).toBe(201);
    expect((await send("PATCH", "/tasks/1", { done: true })).json()).toMatchObject({
      title: "Dig",
      done: true,
    });
    expect((await get("/tasks?done=false")).json()).toEqual([]);
    expect((await send("DELETE", "/projects/1", undefined)).status).toBe(204);
    expect((await get("/tasks")).json()).toEqual([]);
  },
  async fastapi({ gantry, get, made }) {
    expect((await get("/")).text).toContain("<h1>fastapi</h1>");
    expect((await get("/api/greeting?name=Ada&language=fr")).json()).toEqual({
      text: "Bonjour, Ada!",
      language: "fr",
    });
    expect((await get("/api/greeting?name=")).status).toBe(422);
    // A folder is the person's own: it runs where it lies.
    const file = join(made.folder ?? "", "main.py");
    writeFileSync(file, readFileSync(file, "utf8").replace("Bonjour", "Salut"));
    expect((await gantry.cli(["up", made.folder ?? ""])).code).toBe(0);
    expect((await gantry.cli(["restart", "fastapi"])).code).toBe(0);
    expect((await get("/api/greeting?name=Ada&language=fr")).json()).toMatchObject({ text: "Salut, Ada!" });
  },
  async flask({ get, post }) {
    expect((await get("/")).text).toContain("0 votes so far");
    expect((await post("/vote", { choice: "tea" })).status).toBe(303);
    expect((await post("/vote", { choice: "beer" })).status).toBe(400);
    expect((await get("/")).text).toContain("1 vote so far");
    expect((await get("/static/style.css")).status).toBe(200);
  },
  async express({ get, send }) {
    expect((await get("/")).text).toContain("<title>express</title>");
    expect((await send("POST", "/api/lines", { text: " " })).status).toBe(400);
    expect((await send("POST", "/api/lines", { text: "Hello" })).json()).toMatchObject({
      id: 1,
      text: "Hello",
    });
    expect((await get("/api/lines")).json()).toMatchObject([{ text: "Hello" }]);
  },
  async static({ get }) {
    const page = await get("/");
    expect(page.text).toContain("<title>static</title>");
    expect((await get("/style.css")).headers["content-type"]).toContain("text/css");
    expect([(await get("/README.md")).status, (await get("/gantry.yaml")).status]).toEqual([404, 404]);
  },
  async "python-job"({ gantry }) {
    const done = async (times: number) =>
      await until(`run ${times}`, async () =>
        (await gantry.logs("python-job")).includes(`run ${times} is done`),
      );
    await done(1);
    expect((await gantry.cli(["start", "python-job"])).code).toBe(0);
    await done(2);
    expect(await gantry.app("python-job")).toMatchObject({ state: "stopped", instances: expect.anything() });
  },
};

/** In a folder of the person's own; the others are kept by Gantry. */
const IN_FOLDERS = new Set(["fastapi", "express", "static", "python-job", "django"]);

test("each built-in template is deployed and does what it is for", async () => {
  const gantry = await startGantry();
  const list = (await gantry.cli(["new", "--list", "--json"])).json<{
    templates: { name: string; problem: null }[];
  }>();
  expect(list.templates.map(({ name }) => name)).toEqual(Object.keys(CHECKS).sort());
  expect(list.templates.filter(({ problem }) => problem !== null)).toEqual([]);
  const waiting = Object.entries(CHECKS);
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, check] = next;
      const made = await make(gantry, name);
      await check(bed(gantry, made)).catch((error: unknown) => {
        throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
      });
    }
  };
  // All of them end before Gantry does.
  const ends = await Promise.allSettled([worker(), worker(), worker()]);
  expect(ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []))).toEqual([]);
}, 300_000);

async function make(gantry: Gantry, name: string): Promise<Made> {
  const started = performance.now();
  const words = IN_FOLDERS.has(name) ? [] : ["--deploy"];
  const result = await gantry.cli(["new", name, name, "--json", ...words], { timeoutMs: 240_000 });
  expect(result.code, `${name}: ${result.stdout}\n${result.stderr}`).toBe(0);
  console.log(`${name}: ${Math.round(performance.now() - started)} ms`);
  const made = result.json() as unknown as Made;
  expect(made.folder).toBe(IN_FOLDERS.has(name) ? join(gantry.folder, name) : null);
  expect(made.files.filter((path) => /template\.yaml|(^|\/)gitignore$/.test(path))).toEqual([]);
  return made;
}

function bed(gantry: Gantry, made: Made): Bed {
  const { name } = made.app;
  const at = (path: string, more: Partial<Ask>, headers: Record<string, string> = {}) => {
    const target = gantry.at(name, path);
    return ask({ ...target, ...more, headers: { ...target.headers, ...headers } });
  };
  return {
    gantry,
    made,
    get: (path, headers) => at(path, {}, headers),
    post: (path, form, headers) =>
      at(path, { method: "POST", body: new URLSearchParams(form).toString() }, { ...FORM, ...headers }),
    send: (method, path, body) => at(path, { method, body }),
  };
}

const over = async (gantry: Gantry, id: string): Promise<DeploymentView> =>
  await until(`the end of ${id}`, async () => {
    const now = (await gantry.api("GET", `/api/deployments/${id}`)).json<DeploymentView>();
    return !now.open && now;
  });
