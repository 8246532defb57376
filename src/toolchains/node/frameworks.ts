// The frameworks of Node apps: how they are recognised, built and told host and port.
import { dependsOn, type Package } from "./package-json.ts";

export interface Framework {
  name: string;
  /** Packages that tell it. */
  packages: string[];
  /** It answers HTTP. */
  serves: boolean;
  /** `scripts.build` must run before it can start. */
  built?: boolean;
  /** How it starts when no script says so. */
  start?: string;
  /** Without a server of its own: the built folder is served as files. */
  static?: boolean;
}

/** The more telling ones first. */
const FRAMEWORKS: Framework[] = [
  { name: "next", packages: ["next"], serves: true, built: true, start: "next start" },
  { name: "nuxt", packages: ["nuxt"], serves: true, built: true, start: "node .output/server/index.mjs" },
  { name: "remix", packages: ["@remix-run/serve"], serves: true, built: true },
  { name: "react-router", packages: ["@react-router/serve"], serves: true, built: true },
  { name: "nestjs", packages: ["@nestjs/core"], serves: true, built: true, start: "node dist/main.js" },
  { name: "sveltekit", packages: ["@sveltejs/adapter-node"], serves: true, built: true, start: "node build" },
  { name: "fastify", packages: ["fastify"], serves: true },
  { name: "express", packages: ["express"], serves: true },
  { name: "koa", packages: ["koa"], serves: true },
  { name: "hono", packages: ["@hono/node-server", "hono"], serves: true },
  { name: "hapi", packages: ["@hapi/hapi"], serves: true },
  { name: "polka", packages: ["polka"], serves: true },
  { name: "restify", packages: ["restify"], serves: true },
  { name: "socket.io", packages: ["socket.io"], serves: true },
  { name: "ws", packages: ["ws"], serves: true },
  { name: "astro", packages: ["astro"], serves: true, built: true, static: true },
  { name: "eleventy", packages: ["@11ty/eleventy"], serves: true, built: true, static: true },
  { name: "angular", packages: ["@angular/core"], serves: true, built: true, static: true },
  { name: "create-react-app", packages: ["react-scripts"], serves: true, built: true, static: true },
  { name: "vite", packages: ["vite"], serves: true, built: true, static: true },
];

/** Frameworks that are told by a tool for development: these packages stand in devDependencies. */
const BY_TOOL = new Set(["vite", "astro", "eleventy", "angular", "create-react-app", "sveltekit"]);

export const frameworkOf = (found: Package): Framework | null =>
  FRAMEWORKS.find(({ name, packages }) =>
    BY_TOOL.has(name)
      ? dependsOn(found, ...packages)
      : packages.some((package_) => package_ in found.dependencies),
  ) ?? null;

interface Flags {
  host: string[];
  port: string[];
  /** Only with one of these subcommands; "" is none at all. */
  commands?: string[];
  /** Instead of two options. */
  both?: string[];
}

/** Servers by program: the options that tell them where to listen. All of them ignore $HOST or $PORT otherwise. */
const SERVERS: Record<string, Flags> = {
  next: { host: ["-H", "--hostname"], port: ["-p", "--port"], commands: ["start", "dev"] },
  nuxt: { host: ["--host", "-h"], port: ["--port", "-p"], commands: ["preview", "dev", "start"] },
  vite: { host: ["--host"], port: ["--port"], commands: ["", "dev", "serve", "preview"] },
  astro: { host: ["--host"], port: ["--port"], commands: ["dev", "preview", "start"] },
  ng: { host: ["--host"], port: ["--port"], commands: ["serve"] },
  "vue-cli-service": { host: ["--host"], port: ["--port"], commands: ["serve"] },
  gatsby: { host: ["-H", "--host"], port: ["-p", "--port"], commands: ["serve", "develop"] },
  webpack: { host: ["--host"], port: ["--port"], commands: ["serve"] },
  "webpack-dev-server": { host: ["--host"], port: ["--port"] },
  parcel: { host: ["--host"], port: ["--port", "-p"], commands: ["", "serve"] },
  "http-server": { host: ["-a"], port: ["-p", "--port"] },
  "json-server": { host: ["--host", "-h"], port: ["--port", "-p"] },
  fastify: { host: ["-a", "--address"], port: ["-p", "--port"], commands: ["start"] },
  serve: { host: [], port: [], both: ["-l", "--listen", "-p"] },
  sirv: { host: ["--host"], port: ["--port", "-p"] },
  "remix-serve": { host: [], port: [] },
  "react-router-serve": { host: [], port: [] },
  "react-scripts": { host: [], port: [], commands: ["start"] },
};

/** Is it a program that serves? */
export function isServer(words: readonly string[]): boolean {
  const flags = SERVERS[nameOf(words)];
  return flags !== undefined && withCommand(flags, words);
}

/** The words with host and port added where the program needs them told and the line does not. */
export function completeServer(words: readonly string[]): string[] {
  const flags = SERVERS[nameOf(words)];
  if (!flags || !withCommand(flags, words)) return [...words];
  const has = (names: string[]) =>
    words.some((word) => names.some((name) => word === name || word.startsWith(`${name}=`)));
  const added: string[] = [];
  if (flags.both && !has(flags.both)) added.push(flags.both[0] ?? "", "tcp://$HOST:$PORT");
  if (flags.host[0] && !has(flags.host)) added.push(flags.host[0], "$HOST");
  if (flags.port[0] && !has(flags.port)) added.push(flags.port[0], "$PORT");
  return [...words, ...added];
}

const nameOf = (words: readonly string[]): string => (words[0] ?? "").split("/").at(-1) ?? "";

function withCommand(flags: Flags, words: readonly string[]): boolean {
  if (!flags.commands) return true;
  const command = words.slice(1).find((word) => !word.startsWith("-") && /^[a-z]+$/.test(word)) ?? "";
  return flags.commands.includes(command);
}
