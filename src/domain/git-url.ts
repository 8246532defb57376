// Addresses of Git repositories: which ones Gantry takes, and what is secret in them taken off.
import { GantryError } from "./errors.ts";
import { isPrivateHost } from "./private-host.ts";
import { shown } from "./shown.ts";
import type { GitCredential } from "./source.ts";

export type GitProtocol = "https" | "http" | "ssh" | "file";

export interface GitLocation {
  /** Without credentials: fit to be stored, shown and handed to git. */
  url: string;
  protocol: GitProtocol;
  /** In lower case, without port; null for a folder of this machine. */
  host: string | null;
  /** What stood in the address: to be sealed, never to be shown. */
  credential: GitCredential | null;
}

export interface GitUrlRules {
  /** One person's own machine: http, folders and private addresses are taken too. Default: true. */
  local?: boolean;
  /** The input field that an error names. Default: `url`. */
  field?: string;
}

const MAX_LENGTH = 2_048;
const FORMS = "Write https://host/path, ssh://user@host/path or user@host:path.";
const HOST = /^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?|\[[0-9a-f:.]+\])$/;
/** Who logs in; nothing that could be taken for an option of ssh. */
const USER = /^[A-Za-z0-9._][A-Za-z0-9._+-]*$/;

/**
 * The parts of `value`: an https, http, ssh or file URL, `user@host:path`, or an absolute path. Throws `invalid-input`, and never
 * repeats the address in it, for there may be a password inside. A name that only resolves to a private address is not noticed.
 */
export function parseGitUrl(value: unknown, { local = true, field = "url" }: GitUrlRules = {}): GitLocation {
  try {
    const location = parse(checkText(value));
    if (!local) checkPublic(location);
    return location;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new GantryError("invalid-input", {
      reason: `The address of the repository can't be taken: ${error.message}`,
      hint: error.hint ?? FORMS,
      field,
    });
  }
}

class Refusal extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

function checkText(value: unknown): string {
  if (typeof value !== "string") throw new Refusal("it must be text");
  if (value === "") throw new Refusal("it is empty");
  if (value.length > MAX_LENGTH) throw new Refusal(`it is longer than ${MAX_LENGTH} characters`);
  if (!value.isWellFormed()) throw new Refusal("it is not valid Unicode");
  if (/\p{C}|\p{Zl}|\p{Zp}/u.test(value)) throw new Refusal("it has control or invisible characters");
  if (value.startsWith("-")) throw new Refusal("it begins with a hyphen");
  const spaces = value.startsWith("/") ? /^\s|\s$|[^\S ]/ : /\s/;
  if (spaces.test(value)) throw new Refusal("it has white space", "Write %20 for a space in a URL.");
  return value;
}

function parse(text: string): GitLocation {
  if (text.startsWith("/")) return { url: text, protocol: "file", host: null, credential: null };
  const transport = /^([A-Za-z0-9.+-]+)::/.exec(text)?.[1];
  if (transport !== undefined) throw new Refusal(`${shown(transport)}:: would run a program`);
  const url = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/.exec(text);
  if (url !== null) return parseUrl((url[1] ?? "").toLowerCase(), url[2] ?? "");
  return parseScp(text);
}

function parseUrl(scheme: string, rest: string): GitLocation {
  if (scheme === "file") return parseFile(rest);
  if (scheme !== "https" && scheme !== "http" && scheme !== "ssh")
    throw new Refusal(`${shown(scheme, 20)} is not supported`);
  const slash = rest.search(/[/?#\\]/);
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const path = slash === -1 ? "" : rest.slice(slash);
  checkPath(path);
  const at = authority.lastIndexOf("@");
  const { host, port } = splitHost(authority.slice(at + 1));
  const user = at === -1 ? null : authority.slice(0, at);
  if (scheme === "ssh") {
    const name = user === null ? "" : `${checkUser(user)}@`;
    return { url: `ssh://${name}${host}${port}${path}`, protocol: scheme, host, credential: null };
  }
  const credential = user === null || user === "" ? null : credentialOf(user);
  return { url: `${scheme}://${host}${port}${path}`, protocol: scheme, host, credential };
}

function parseFile(rest: string): GitLocation {
  const path = rest.replace(/^localhost(?=\/)/i, "");
  if (!path.startsWith("/")) throw new Refusal("a file URL names a host", "Write file:///absolute/path.");
  checkPath(path);
  return { url: `file://${path}`, protocol: "file", host: null, credential: null };
}

/** `user@host:path`, as scp writes it. */
function parseScp(text: string): GitLocation {
  const match = /^([^@/:]+)@(\[[^\]]*\]|[^:/@[\]]+):(.+)$/.exec(text);
  if (match === null) {
    if (/^\.{0,2}\//.test(text) || !text.includes(":"))
      throw new Refusal(
        "it is neither a URL nor an absolute path",
        `${FORMS} A folder needs its whole path.`,
      );
    throw new Refusal("it is no address of a repository");
  }
  const [user, path] = [checkUser(match[1] ?? ""), match[3] ?? ""];
  const { host } = splitHost(match[2] ?? "");
  if (path.startsWith("-")) throw new Refusal("its path begins with a hyphen");
  return { url: `${user}@${host}:${path}`, protocol: "ssh", host, credential: null };
}

function checkUser(user: string): string {
  if (user.includes(":"))
    throw new Refusal("it has a password, which SSH does not take", "Give a private key instead.");
  if (!USER.test(user)) throw new Refusal("its user name has characters that are not allowed");
  return user;
}

function splitHost(text: string): { host: string; port: string } {
  const match = /^(.*?)(?::([0-9]*))?$/.exec(text);
  const host = (match?.[1] ?? "").toLowerCase();
  if (host === "") throw new Refusal("it has no host");
  if (host.startsWith("-")) throw new Refusal("its host begins with a hyphen");
  if (/[^\p{ASCII}]/u.test(host)) throw new Refusal("its host is not plain ASCII");
  if (!HOST.test(host) || host.length > 255 || host.includes(".."))
    throw new Refusal("its host is no host name");
  const port = match?.[2] ?? "";
  if (port !== "" && (port.length > 5 || Number(port) < 1 || Number(port) > 65_535))
    throw new Refusal("its port is not a number from 1 to 65535");
  return { host, port: port === "" ? "" : `:${Number(port)}` };
}

function checkPath(path: string): void {
  if (/[?#]/.test(path)) throw new Refusal("it has a ? or # in it");
  if (path.includes("\\")) throw new Refusal("it has a backslash");
  if (path === "" || /^\/+$/.test(path)) throw new Refusal("it names no repository on the host");
  if (/^\/+-/.test(path)) throw new Refusal("its path begins with a hyphen");
  if (/%(?![0-9a-f]{2})/i.test(path)) throw new Refusal("it has a % that is not followed by two hex digits");
  if (/%(?:[01][0-9a-f]|7f)/i.test(path)) throw new Refusal("it has control characters");
}

/** `user:password` or only a token, percent-encoded. */
function credentialOf(userinfo: string): GitCredential {
  const colon = userinfo.indexOf(":");
  const [username, password] =
    colon === -1 ? [userinfo, ""] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)];
  return { type: "token", username: decoded(username), password: decoded(password) };
}

function decoded(text: string): string {
  let plain: string;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw new Refusal("its user name or password has a % that is not followed by two hex digits");
  }
  if (/\p{Cc}/u.test(plain)) throw new Refusal("its user name or password has control characters");
  return plain;
}

function checkPublic({ protocol, host }: GitLocation): void {
  if (host === null) throw new Refusal("folders of this machine are not allowed here");
  if (protocol === "http") throw new Refusal("http is not allowed here", "Use https.");
  if (isPrivateHost(host)) throw new Refusal("private addresses are not allowed here");
}
