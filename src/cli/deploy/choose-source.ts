// From the options of `gantry deploy` to what is deployed, and into which app.
import { Failure } from "../failure.ts";
import { absolutePath } from "../path-argument.ts";
import type { Session } from "../session.ts";

export type Chosen =
  /** What the app's own source has now. */
  | { type: "own"; app: string }
  | { type: "folder"; path: string }
  | { type: "zip"; file: string }
  | { type: "git"; address: string };

interface Given {
  app: string | undefined;
  zip: string | undefined;
  git: string | undefined;
  path: string | undefined;
  name: string | undefined;
  subfolder: string | undefined;
  gitUser: string | undefined;
  gitKey: string | undefined;
}

/** Throws `usage` for what does not go together. Without an app and a source: the current folder. */
export function chooseSource(given: Given, session: Pick<Session, "cwd">): Chosen {
  const { app, zip, git, path, name, subfolder, gitUser, gitKey } = given;
  if ([zip, git, path].filter((one) => one !== undefined).length > 1)
    throw wrong("deploy takes one of --zip, --git and --path", "path");
  if (app !== undefined && name !== undefined)
    throw wrong("deploy takes either the name of an app or --name, for a new one", "name");
  if (subfolder !== undefined && zip === undefined && git === undefined)
    throw wrong("--subfolder is for --zip and --git", "subfolder", "Use --path with the folder itself.");
  if ((gitUser ?? gitKey) !== undefined && git === undefined)
    throw wrong("--git-user and --git-key are for --git", "git");
  if (zip === "-" && app === undefined && name === undefined)
    throw wrong("An archive from stdin needs an app, or --name for a new one", "name");
  if (zip !== undefined) return { type: "zip", file: zip };
  if (git !== undefined) return { type: "git", address: git };
  if (path !== undefined || app === undefined)
    return { type: "folder", path: absolutePath(path ?? ".", session) };
  return { type: "own", app };
}

const wrong = (message: string, field: string, hint = "See gantry deploy --help."): Failure =>
  new Failure("usage", message, { code: "invalid-option", field, hint });
