// All commands: names and summaries at hand, everything else loaded when it is used.
import type { Command, CommandEntry } from "../command.ts";

type Loaded = Promise<{ default: unknown }>;

/**
 * Options of each command have their own types; the parser fills them from the command's own list. `env/set` is the verb `set`
 * of the noun `env`.
 */
const entry = (
  group: CommandEntry["group"],
  names: string,
  summary: string,
  load: () => Loaded,
): CommandEntry => {
  const [name = "", ...aliases] = names.split(" ");
  return {
    group,
    name: name.replace("/", " "),
    aliases,
    summary,
    load: async () => (await load()).default as Command,
  };
};

export const COMMANDS: CommandEntry[] = [
  entry("Apps", "up", "register, build and start apps, and show their URLs", () => import("./up.ts")),
  entry("Apps", "new", "make an app from a template", () => import("./new.ts")),
  entry("Apps", "down", "stop the apps of this folder, or everything", () => import("./down.ts")),
  entry("Apps", "start", "start apps", () => import("./start.ts")),
  entry("Apps", "stop stop-all", "stop apps", () => import("./stop.ts")),
  entry("Apps", "restart", "restart apps without losing a request", () => import("./restart.ts")),
  entry("Releases", "deploy", "make a release of code and let it take over", () => import("./deploy.ts")),
  entry("Releases", "releases", "list releases, show what they changed", () => import("./releases.ts")),
  entry("Releases", "rollback", "go back to an older release", () => import("./rollback.ts")),
  entry(
    "Releases",
    "deployments",
    "show deploys: how they went, what they printed",
    () => import("./deployments.ts"),
  ),
  entry("Releases", "clone", "make a second app with the same code", () => import("./clone.ts")),
  entry("Watch", "ls list", "list the apps", () => import("./ls.ts")),
  entry("Watch", "status", "tell everything about an app", () => import("./status.ts")),
  entry("Watch", "logs", "show what apps print", () => import("./logs.ts")),
  entry("Watch", "events", "show what happened", () => import("./events.ts")),
  entry("Watch", "runs", "show finite runs: hooks, their results and output", () => import("./runs.ts")),
  entry("Watch", "health health-check", "check now whether an app is healthy", () => import("./health.ts")),
  entry(
    "Watch",
    "validate",
    "look for what is wrong with code before it is deployed",
    () => import("./validate.ts"),
  ),
  entry("Watch", "ports", "show who uses which port", () => import("./ports.ts")),
  entry("Watch", "open", "open an app, or the dashboard, in the browser", () => import("./open.ts")),
  entry("Configure", "register add", "register an app without starting it", () => import("./register.ts")),
  entry("Configure", "unregister remove", "stop an app and forget it", () => import("./unregister.ts")),
  entry("Configure", "undelete", "bring an unregistered app back", () => import("./undelete.ts")),
  entry(
    "Configure",
    "update",
    "look at an app's folder again and take over changes",
    () => import("./update.ts"),
  ),
  entry("Configure", "config", "show or change an app's settings", () => import("./config.ts")),
  entry("Configure", "env/set", "set variables of an app", () => import("./env/set.ts")),
  entry("Configure", "env/get", "print one variable", () => import("./env/get.ts")),
  entry("Configure", "env/list", "list variables and names of secrets", () => import("./env/list.ts")),
  entry("Configure", "env/unset", "remove variables", () => import("./env/unset.ts")),
  entry("Configure", "env/import", "take over what a .env file sets", () => import("./env/import.ts")),
  entry("Configure", "secret/set", "set secrets of an app", () => import("./secret/set.ts")),
  entry("Configure", "secret/list", "list the names of secrets", () => import("./secret/list.ts")),
  entry("Configure", "secret/unset", "remove secrets", () => import("./secret/unset.ts")),
  entry("Configure", "import", "register the apps of a manifest, a Procfile…", () => import("./import.ts")),
  entry("Configure", "export", "print apps as a gantry.yaml", () => import("./export.ts")),
  entry("Gantry", "serve", "run the daemon in the foreground", () => import("./serve.ts")),
  entry("Gantry", "doctor", "check whether this machine has what Gantry needs", () => import("./doctor.ts")),
  entry("Gantry", "completion", "print a completion script for your shell", () => import("./completion.ts")),
];

/** Aliases that mean a command with an option. */
export const EXPANSIONS: Record<string, string[]> = { "stop-all": ["--all"] };

/** Verbs that Gantry will have; asking for one is answered, not guessed at. */
export const LATER = new Set(
  `scale run schedule db image dns proxy routes cert user token team
  plan backup restore stats report tui mcp service dns-setup dns-status dns-test caddy-setup caddy-start caddy-stop
  caddy-reload cert-setup cert-status`.split(/\s+/),
);
