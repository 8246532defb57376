// `--git`: where a repository is, and what lets Gantry in. What is secret comes from anywhere but the command line.
import { harmless } from "../../lib/harmless-text.ts";
import { askSecret } from "../ask-secret.ts";
import { Failure } from "../failure.ts";
import { TOKEN_VARIABLE } from "../git-token.ts";
import { absolutePath } from "../path-argument.ts";
import { readInput } from "../read-text.ts";
import type { Session } from "../session.ts";

export interface GitSource {
  url: string;
  ref: string | null;
  credential: { username: string; password: string } | { privateKey: string } | null;
}

interface GitOptions {
  git: string;
  gitUser: string | undefined;
  gitKey: string | undefined;
}

/** Reads key, token or answer. Throws `usage` and `invalid`. */
export async function gitSource({ git, gitUser, gitKey }: GitOptions, session: Session): Promise<GitSource> {
  const { url, ref } = gitAddress(git, session);
  if (gitUser !== undefined && gitKey !== undefined)
    throw new Failure("usage", "A repository takes either --git-user or --git-key", {
      code: "invalid-option",
      field: "git-key",
    });
  if (gitKey !== undefined)
    return { url, ref, credential: { privateKey: await readInput(gitKey, session.cwd) } };
  const token = session.env[TOKEN_VARIABLE];
  const isWeb = /^https?:/i.test(url);
  if (gitUser === undefined)
    return { url, ref, credential: isWeb && token ? { username: "", password: token } : null };
  return {
    url,
    ref,
    credential: { username: gitUser, password: token || (await askToken(gitUser, session)) },
  };
}

async function askToken(user: string, session: Session): Promise<string> {
  if (session.out.terminal.asks)
    return await askSecret(session, `Password or token of ${harmless(user)} (is not shown): `);
  const typed = (await readInput("-", session.cwd)).replace(/\r?\n$/, "");
  if (typed !== "") return typed;
  throw new Failure("usage", "The password or token is missing", {
    code: "missing-argument",
    field: "git-user",
    hint: `Put it into ${TOKEN_VARIABLE}, or send it to stdin.`,
  });
}

/** `url#branch`; a folder's path counts from the current one. Throws `invalid` for a folder that is not there. */
export function gitAddress(text: string, session: Pick<Session, "cwd">): { url: string; ref: string | null } {
  const hash = text.indexOf("#");
  const address = hash < 0 ? text : text.slice(0, hash);
  const ref = hash < 0 ? "" : text.slice(hash + 1);
  return { url: isElsewhere(address) ? address : folderOf(address, session), ref: ref === "" ? null : ref };
}

/** A URL, or `user@host:path`; also what only tries to be one: the daemon tells what is wrong with it. */
const isElsewhere = (address: string): boolean =>
  /^[a-z0-9.+-]+:/i.test(address) || /^[^/]+@[^/]*:/.test(address) || address.startsWith("-");

function folderOf(address: string, session: Pick<Session, "cwd">): string {
  try {
    return absolutePath(address, session);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.kind, error.message, {
      ...error.facts,
      field: "git",
      hint: "Write https://host/path or user@host:path for a repository elsewhere.",
    });
  }
}

/** Does the address on the command line have a password or token in it? */
export const hasPassword = (address: string): boolean => /^https?:\/\/[^/?#]*@/i.test(address);
