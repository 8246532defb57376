// What lets Gantry into a repository: can it be used, and does it fit the address?
import { GantryError } from "./errors.ts";
import type { GitLocation } from "./git-url.ts";
import type { GitCredential } from "./source.ts";

const MAX_TOKEN = 4_096;
const MAX_KEY = 65_536;

/** Throws `invalid-input`, without a word of the credential itself. */
export function checkGitCredential(
  credential: GitCredential,
  { protocol }: Pick<GitLocation, "protocol">,
  field = "credential",
): void {
  const problem =
    credential.type === "key" ? keyProblem(credential, protocol) : tokenProblem(credential, protocol);
  if (problem !== null) throw new GantryError("invalid-input", { ...problem, field });
}

type Problem = { reason: string; hint?: string } | null;

function tokenProblem(
  { username, password }: { username: string; password: string },
  protocol: string,
): Problem {
  if (protocol !== "https" && protocol !== "http")
    return { reason: "A password or token fits only an https address", hint: "Give a private key for SSH." };
  if (/\p{Cc}/u.test(username + password))
    return { reason: "The user name or the password has control characters" };
  if (username.length > MAX_TOKEN || password.length > MAX_TOKEN)
    return { reason: `The user name or the password is longer than ${MAX_TOKEN} characters` };
  if (username === "" && password === "") return { reason: "The user name and the password are empty" };
  return null;
}

function keyProblem({ privateKey }: { privateKey: string }, protocol: string): Problem {
  if (protocol !== "ssh")
    return { reason: "A private key fits only an SSH address", hint: "Give a token for https." };
  if (privateKey.length > MAX_KEY) return { reason: `The private key is longer than ${MAX_KEY} characters` };
  if (/^\s*(?:ssh-|ecdsa-|sk-)/.test(privateKey))
    return { reason: "That is a public key", hint: "Give the private one: the file without .pub." };
  if (!/^\s*-----BEGIN [A-Z ]*PRIVATE KEY-----\s[\s\S]+-----END [A-Z ]*PRIVATE KEY-----\s*$/.test(privateKey))
    return { reason: "The private key is not in OpenSSH or PEM format" };
  if (/Proc-Type: 4,ENCRYPTED|BEGIN ENCRYPTED/.test(privateKey) || isLocked(privateKey))
    return { reason: "The private key has a passphrase", hint: "Make a deploy key without one." };
  return null;
}

/** Does an OpenSSH key (PROTOCOL.key: magic, length and name of the cipher) need a passphrase? */
function isLocked(privateKey: string): boolean {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(privateKey)?.[1];
  if (body === undefined) return false;
  const bytes = Buffer.from(body, "base64").toString("latin1");
  return bytes.startsWith("openssh-key-v1\0") && !bytes.startsWith("openssh-key-v1\0\0\0\0\x04none");
}
