// What git and ssh say when they fail, as one sentence for people.
import { GantryError } from "../../domain/errors.ts";
import { harmless } from "../../lib/harmless-text.ts";
import type { CommandResult } from "../../lib/run-command.ts";

type Told = { reason: string; hint?: string };

const ACCESS = "If it is private, give a user name and a token (https) or a private key (SSH).";
const SPELLING = "Check the address, and that this machine is online.";
const REACH = "Check the address and the network, then try again.";

/** First match wins: what is more exact stands above. Each rule gets the words that its pattern found. */
const RULES: readonly [pattern: RegExp, told: (...found: string[]) => Told][] = [
  [
    /exec: git: not found|git: not found$/,
    () => ({ reason: "git is not installed", hint: "Install it: apt-get install git" }),
  ],
  [
    /cannot run ssh: No such file|ssh: not found/,
    () => ({ reason: "ssh is not installed", hint: "Install it: apt-get install openssh-client" }),
  ],
  [
    /unable to find remote helper for 'https?'|remote-https?' is not a git command/,
    () => ({ reason: "this git can't speak https", hint: "Install the whole of git: apt-get install git" }),
  ],
  [
    /Could not resolve host(?:name)?:? '?([^\s':;]+)/i,
    (host) => ({ reason: `there is no host ${host}, or its name can't be looked up`, hint: SPELLING }),
  ],
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key verification failed/,
    () => ({
      reason: "the host shows another key than before",
      hint: "If that is right, remove its line from git/known_hosts in Gantry's home.",
    }),
  ],
  [
    /Load key "[^"]*": (?:incorrect passphrase|.*passphrase)/i,
    () => ({ reason: "the private key has a passphrase", hint: "Make a deploy key without one." }),
  ],
  [
    /Load key "[^"]*": (?:invalid format|error in libcrypto)/,
    () => ({ reason: "the private key can't be read", hint: "Give it whole, with its first and last line." }),
  ],
  [
    /Permission denied \([^)]*(?:publickey|password|keyboard)/,
    () => ({ reason: "the host lets nobody in with this key, or without one", hint: ACCESS }),
  ],
  [
    /could not read (?:Username|Password)|terminal prompts disabled/,
    () => ({ reason: "it is not there, or not for everybody", hint: ACCESS }),
  ],
  [
    /Authentication failed|returned error: 40[13]|HTTP Basic: Access denied/i,
    () => ({ reason: "the user name or the token is refused", hint: "Check it, and what it may read." }),
  ],
  [
    /repository '.*' not found|Repository not found|returned error: 404|project you were looking for could not be found/i,
    () => ({ reason: "it is not there, or not for everybody", hint: ACCESS }),
  ],
  [
    /dubious ownership/,
    () => ({
      reason: "its folder belongs to another user",
      hint: "Give the folder to the user that runs Gantry, or make a copy of it.",
    }),
  ],
  [
    /certificate problem|certificate verif|SSL_connect|TLS connect/i,
    () => ({ reason: "the host's certificate is not trusted, or TLS failed", hint: REACH }),
  ],
  [
    /(?:transport|Protocol) ['"]([a-z]+)['"] not (?:allowed|supported)/,
    (other) => ({
      reason: `the server points to another address, with ${other}`,
      hint: "Give that address.",
    }),
  ],
  [
    /Operation too slow|timed out|Timeout was reached|timeout waiting/i,
    () => ({ reason: "the host does not answer in time", hint: REACH }),
  ],
  [
    /Network is unreachable|No route to host|Temporary failure in name resolution/i,
    () => ({ reason: "the network can't be reached", hint: REACH }),
  ],
  [
    /Connection refused|Failed to connect|Couldn't connect|Connection reset|Connection closed/i,
    () => ({ reason: "the host takes no connection", hint: REACH }),
  ],
  [
    /returned error: (5\d\d)/,
    (status) => ({ reason: `the server is in trouble (HTTP ${status})`, hint: "Try again later." }),
  ],
  [
    /does not appear to be a git repository|is this a git repository|not a git repository|info\/refs not (?:found|valid)|invalid gitfile/i,
    () => ({ reason: "there is no Git repository at this address", hint: "Check the address." }),
  ],
  [
    /dumb http transport does not support/,
    () => ({ reason: "its server only has the old protocol without shallow fetches" }),
  ],
  [
    /mismatched algorithms|unknown object format|object format 'sha256'/,
    () => ({ reason: "its objects are named by SHA-256, which Gantry can't read yet" }),
  ],
  [
    /early EOF|unexpected disconnect|hung up unexpectedly|RPC failed|Empty reply|index-pack failed|invalid index-pack|bad pack|pack is corrupted|inflate/i,
    () => ({ reason: "the transfer broke off or its data is damaged", hint: "Try again." }),
  ],
  [
    /Could not read from remote repository/,
    () => ({ reason: "it is not there, or not for everybody", hint: ACCESS }),
  ],
];

/** What a git that failed said, as `git-failed` (or `disk-full`): without credentials, without control characters. */
export function explain({ code, signal, lines }: CommandResult, secrets: readonly string[]): GantryError {
  const safe = lines.map((line) => cleanLine(line, secrets));
  // The disk's trouble shows itself as a damaged transfer too.
  if (safe.some((line) => /No space left on device|Disk quota exceeded/.test(line)))
    return new GantryError("disk-full");
  for (const [pattern, told] of RULES) {
    for (const line of safe) {
      if (line.startsWith("remote: ")) continue;
      const found = pattern.exec(line);
      if (found !== null) return new GantryError("git-failed", { ...told(...found.slice(1)) });
    }
  }
  const last =
    safe.findLast((line) => /^(?:fatal|error): /.test(line)) ?? safe.findLast((line) => line !== "");
  const end = signal === null ? `exit code ${code}` : signal;
  return new GantryError("git-failed", {
    reason: last?.replace(/^(?:fatal|error): /, "") ?? `git ended (${end})`,
  });
}

const MAX_LINE = 300;

/** One short line without secrets and control characters; git's prefixes are kept. */
export function cleanLine(line: string, secrets: readonly string[]): string {
  let text = line;
  for (const secret of secrets) text = text.replaceAll(secret, "•••");
  const shown = harmless(text)
    .replaceAll(/\/\/[^/\s@]*@/g, "//")
    .replaceAll(/\s+/g, " ")
    .trim();
  return shown.length > MAX_LINE ? `${shown.slice(0, MAX_LINE)}…` : shown;
}
