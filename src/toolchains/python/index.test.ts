import { describe } from "vitest";
import { toolchainBench, toolchainContract } from "../../../test/contracts/toolchain.ts";
import { createPython } from "./index.ts";

const bench = toolchainBench();

describe("python", () => {
  toolchainContract(createPython, bench, [
    {
      fixture: "fastapi-single",
      expected: {
        framework: "fastapi",
        entry: "main:app",
        run: "uvicorn main:app --host $HOST --port $PORT",
        listens: "required",
        check: { type: "http", path: "/healthz" },
        evidence: ["FastAPI app in main.py:5", "requirements.txt"],
      },
      answers: '200 {"from":"fastapi-single"}',
    },
    {
      fixture: "fastapi-package",
      expected: {
        framework: "fastapi",
        entry: "shop.main:application",
        listens: "required",
        check: { type: "tcp" },
      },
      answers: '200 {"from":"fastapi-package"}',
    },
    {
      fixture: "flask-factory",
      expected: { framework: "flask", entry: "app:create_app()", check: { type: "http", path: "/" } },
      answers: "200 from flask-factory",
    },
    {
      fixture: "django-minimal",
      expected: { framework: "django", entry: "site_config.wsgi:application" },
      answers: "200 from django-minimal for 127.0.0.1",
    },
    {
      fixture: "starlette-app",
      expected: { framework: "starlette", entry: "server:api", check: { type: "http", path: "/health" } },
      answers: "200 from starlette-app",
    },
    {
      fixture: "starlette-app",
      hints: { run: "uvicorn server:api" },
      expected: { run: "uvicorn server:api", listens: "required", check: { type: "http", path: "/health" } },
      answers: "200 from starlette-app",
    },
    {
      fixture: "django-minimal",
      hints: { run: "python manage.py runserver --noreload" },
      expected: { listens: "required" },
      answers: "200 from django-minimal",
    },
    {
      fixture: "plain-script",
      expected: { framework: null, entry: null, run: "python main.py", listens: "none", check: null },
      prints: "line 2",
    },
    {
      fixture: "http-script",
      expected: { run: "python serve.py", listens: "optional" },
      answers: "200 from http-script",
    },
  ]);
});
