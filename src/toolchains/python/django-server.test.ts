import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { toolchainBench } from "../../../test/contracts/toolchain.ts";
import { type Running, serveBuild } from "../../../test/helpers/serve-build.ts";
import type { Hints } from "../../domain/toolchain.ts";
import { createPython } from "./index.ts";

const bench = toolchainBench();
const python = createPython();
const running: Running[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.stop();
});

const ADMIN = `
INSTALLED_APPS = ["django.contrib." + name for name in
                  ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware",
              "django.contrib.auth.middleware.AuthenticationMiddleware",
              "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                           "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
STATIC_URL = "static/"
ALLOWED_HOSTS = ["127.0.0.1"]
`;
const CSS = "/static/admin/css/base.css";

/** A project with the admin, as `startproject` makes it, and further lines in its settings. */
function project(settings = ""): string {
  const dir = bench.copy("django-minimal");
  appendFileSync(join(dir, "site_config/settings.py"), ADMIN + settings);
  const urls = "from django.contrib import admin\nfrom django.urls import path\n";
  writeFileSync(join(dir, "site_config/urls.py"), `${urls}urlpatterns = [path("admin/", admin.site.urls)]\n`);
  return dir;
}

async function serve(dir: string, entry: string | null = null): Promise<Running> {
  const hints: Hints = { entry, run: null };
  const detection = await python.detect(dir, hints);
  expect(detection?.run).toContain(` ${detection?.entry} `);
  const app = await serveBuild(await python.build(bench.order(dir, detection!, { hints })), dir);
  running.push(app);
  return app;
}

describe("a Django project", () => {
  it.each([null, "site_config.asgi:application"])(
    "shows its admin with styles while DEBUG is on, entry %s",
    async (entry) => {
      const app = await serve(project(), entry);
      expect(await app.get("/admin/login/")).toContain(CSS);
      expect(await app.get(CSS)).toMatch(/^200 [\s\S]*body \{/);
    },
  );

  it.each([null, "site_config.asgi:application"])(
    "serves no static files without DEBUG, entry %s",
    async (entry) => {
      const app = await serve(project("DEBUG = False\n"), entry);
      expect(await app.get("/admin/login/")).toMatch(/^200/);
      expect(await app.get(CSS)).toMatch(/^404/);
    },
  );

  it("is left alone when it has whitenoise, or no app for static files", async () => {
    const dir = project('MIDDLEWARE.append("site_config.whitenoise.pass_on")\n');
    writeFileSync(join(dir, "site_config/whitenoise.py"), "def pass_on(get_response): return get_response\n");
    expect(await (await serve(dir)).get(CSS)).toMatch(/^404/);
    const without = project('INSTALLED_APPS.remove("django.contrib.staticfiles")\n');
    expect(await (await serve(without)).get(CSS)).toMatch(/^404/);
  });

  it.each(["wsgi", "asgi"])("may lie in a folder below, served by %s", async (kind) => {
    const dir = project();
    mkdirSync(join(dir, "backend"));
    for (const name of ["manage.py", "site_config"]) renameSync(join(dir, name), join(dir, "backend", name));
    expect(await (await serve(dir, `site_config.${kind}:application`)).get(CSS)).toMatch(/^200/);
  });
});
