// A private folder for one fetch: the repository, git's only configuration, and the credential; removed afterwards.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GantryError } from "../../domain/errors.ts";
import type { GitLocation } from "../../domain/git-url.ts";
import type { GitCredential } from "../../domain/source.ts";
import {
  CREDENTIALS,
  credentialLine,
  gitConfig,
  KEY,
  KNOWN_HOSTS,
  SSH_CONFIG,
  sshConfig,
} from "./config-files.ts";

export interface Workplace {
  /** Where git runs, and its HOME. */
  dir: string;
  /** The bare repository, which `git init` is still to make. */
  repository: string;
  /** The whole environment of git. Holds no secret. */
  env: NodeJS.ProcessEnv;
  /** Secrets that no line of git's may show, longest first. */
  secrets: string[];
  remove(): Promise<void>;
}

export interface WorkplaceOptions {
  home: string;
  location: GitLocation;
  credential: GitCredential | null;
  /** Without a credential, ssh may use the keys and the agent of the person whom the daemon belongs to. */
  personalKeys: boolean;
}

const fetchesDir = (home: string): string => join(home, "git", "fetches");

/** Makes the folder, 0700, with its files, 0600. */
export async function makeWorkplace(options: WorkplaceOptions): Promise<Workplace> {
  const { home, location, credential } = options;
  const dir = join(fetchesDir(home), randomBytes(8).toString("hex"));
  const remove = () => rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  const personal = options.personalKeys && credential === null;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const write = (name: string, text: string) =>
      writeFile(join(dir, name), text, { mode: 0o600, flag: "wx" });
    await write(".gitconfig", gitConfig(location.url));
    if (credential?.type === "token") await write(CREDENTIALS, credentialLine(location, credential));
    if (credential?.type === "key")
      await write(KEY, `${credential.privateKey.trim().replaceAll("\r", "")}\n`);
    if (location.protocol === "ssh") {
      await write(SSH_CONFIG, sshConfig(personal));
      await symlink(join(home, "git", KNOWN_HOSTS), join(dir, KNOWN_HOSTS));
    }
  } catch (error) {
    await remove();
    const { code } = error as NodeJS.ErrnoException;
    throw code === "ENOSPC" || code === "EDQUOT" ? new GantryError("disk-full", {}, error) : error;
  }
  const env = environment(dir, location, personal);
  return { dir, repository: join(dir, "repository"), env, secrets: secretsOf(credential), remove };
}

/** Removes what a daemon that was killed left behind. Only for the one daemon that owns the home. */
export async function pruneWorkplaces(home: string): Promise<void> {
  const names = await readdir(fetchesDir(home)).catch(() => []);
  for (const name of names) await rm(join(fetchesDir(home), name), { recursive: true, force: true });
}

/** How to reach the network; everything else in the daemon's environment is kept from git. */
const PASSED =
  /^(?:PATH|(?:https?|all|no)_proxy|SSL_CERT_FILE|SSL_CERT_DIR|GIT_SSL_CAINFO|GIT_SSL_CAPATH|NIX_SSL_CERT_FILE)$/i;

function environment(dir: string, { protocol }: GitLocation, personal: boolean): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) if (PASSED.test(name)) env[name] = value;
  if (personal && process.env.SSH_AUTH_SOCK !== undefined) env.SSH_AUTH_SOCK = process.env.SSH_AUTH_SOCK;
  return {
    ...env,
    HOME: dir,
    XDG_CONFIG_HOME: dir,
    LC_ALL: "C",
    GIT_DIR: join(dir, "repository"),
    GIT_CONFIG_GLOBAL: join(dir, ".gitconfig"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_ALLOW_PROTOCOL: protocol,
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_NO_LAZY_FETCH: "1",
    GIT_OPTIONAL_LOCKS: "0",
  };
}

/** As they are, and as they travel: percent-encoded, and in an Authorization header. */
function secretsOf(credential: GitCredential | null): string[] {
  if (credential === null) return [];
  if (credential.type === "key") return credential.privateKey.split("\n").filter((line) => line.length > 8);
  const { username, password } = credential;
  const secret = password === "" ? username : password;
  const header = Buffer.from(`${username}:${password}`).toString("base64");
  return [header, encodeURIComponent(secret), secret]
    .filter((each) => each.length > 2)
    .sort((a, b) => b.length - a.length);
}
