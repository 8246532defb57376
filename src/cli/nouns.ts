// Words that a verb follows: `gantry env set`.

/** Name → half a sentence, without a full stop. */
export const NOUNS: Record<string, string> = {
  env: "variables of an app",
  secret: "secrets of an app",
};
