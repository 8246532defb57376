// The environment of the helpers that Gantry runs (pip, uv, npm): the person's own, without what would lead them astray.
import { delimiter } from "node:path";

/** Set by npm, a virtual environment or a tracer for the daemon itself; helpers must not take them for theirs. */
const DROPPED =
  /^(?:npm_(?:package|lifecycle|command|execpath|node_execpath|config_local_prefix|config_prefix)|INIT_CWD$|NODE$|NODE_ENV$|NODE_OPTIONS$|LD_PRELOAD$|VIRTUAL_ENV|CONDA_|PYTHONHOME$|PYTHONPATH$|PYTHONSTARTUP$|PYTHONDONTWRITEBYTECODE$|PYTHONPYCACHEPREFIX$|PYTHONOPTIMIZE$|PIP_TARGET$|PIP_USER$|PIP_PREFIX$|PIP_REQUIRE_VIRTUALENV$|UV_PROJECT|GANTRY_)/;

/** `process.env` made fit for helpers. */
export function toolEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(base)) if (!DROPPED.test(name)) env[name] = value;
  env.PATH = personalPath(base);
  return env;
}

/** The person's PATH: without the `node_modules/.bin` folders that `npm start` and `npx` put in front of it. */
export function personalPath(base: NodeJS.ProcessEnv = process.env): string {
  return (base.PATH ?? "/usr/local/bin:/usr/bin:/bin")
    .split(delimiter)
    .filter(
      (folder) =>
        folder.startsWith("/") && !/\/node_modules\/(?:.*\/)?(?:\.bin|node-gyp-bin)\/?$/.test(folder),
    )
    .join(delimiter);
}
