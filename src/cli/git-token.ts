// The variable that a password or token for a repository may come in. It is for this program alone.

export const TOKEN_VARIABLE = "GANTRY_GIT_TOKEN";

/** What a daemon and its apps may see. */
export function withoutToken({ [TOKEN_VARIABLE]: _, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env;
}
