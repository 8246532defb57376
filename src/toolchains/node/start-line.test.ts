import { expect, it } from "vitest";
import type { Package } from "./package-json.ts";
import { scriptLine } from "./start-line.ts";

const withScripts = (scripts: Record<string, string>): Package => ({
  scripts,
  dependencies: {},
  development: {},
  main: null,
  engine: null,
  manager: null,
  installText: "",
});

it.each<[string, Record<string, string>, string]>([
  ["a plain command", { start: "node server.js" }, "node server.js"],
  ["assignments", { start: "NODE_ENV=production node ." }, "NODE_ENV=production node ."],
  ["cross-env", { start: "cross-env A=1 B=2 node x.js" }, "A=1 B=2 node x.js"],
  ["another script", { start: "npm run serve", serve: "node x.js" }, "node x.js"],
  ["yarn's short form", { start: "yarn serve", serve: "node x.js" }, "node x.js"],
  ["scripts in a circle", { start: "npm run start" }, "npm run start"],
  ["operators", { start: "a && b" }, "npm run start"],
  ["globs", { start: "node *.js" }, "npm run start"],
  ["words of the shell", { start: "cd x" }, "npm run start"],
  ["something before it", { start: "node x.js", prestart: "y" }, "npm run start"],
  ["next", { start: "next start" }, "next start -H $HOST -p $PORT"],
  ["next with a port", { start: "next start -p 3000" }, "next start -p 3000 -H $HOST"],
  ["vite", { start: "vite" }, "vite --host $HOST --port $PORT"],
  ["vite build", { start: "vite build" }, "vite build"],
  ["vite preview", { start: "vite preview --port=$PORT" }, "vite preview --port=$PORT --host $HOST"],
  ["serve", { start: "serve dist" }, "serve dist -l tcp://$HOST:$PORT"],
  ["http-server", { start: "http-server public" }, "http-server public -a $HOST -p $PORT"],
])("%s", (_name, scripts, expected) => {
  expect(scriptLine(withScripts(scripts), "start")).toBe(expected);
});
