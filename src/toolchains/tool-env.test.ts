import { expect, it } from "vitest";
import { personalPath, toolEnvironment } from "./tool-env.ts";

it("takes what npm and npx put in front off the PATH, and nothing else", () => {
  const path =
    "/srv/gantry/node_modules/.bin:/srv/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/usr/bin::bin:/opt/node_modules";
  expect(personalPath({ PATH: path })).toBe("/usr/bin:/opt/node_modules");
  expect(personalPath({})).toContain("/usr/bin");
});

it("keeps a person's settings for helpers, not the daemon's own nor those meant for apps", () => {
  const env = toolEnvironment({
    HOME: "/home/me",
    npm_config_registry: "https://registry.example/",
    PIP_INDEX_URL: "https://index.example/",
    SSL_CERT_FILE: "/ca.pem",
    npm_package_name: "gantry",
    npm_lifecycle_event: "start",
    INIT_CWD: "/x",
    NODE_ENV: "production",
    NODE_OPTIONS: "--inspect",
    LD_PRELOAD: "/x.so",
    PYTHONPATH: "/x",
    VIRTUAL_ENV: "/x",
    GANTRY_HOME: "/x",
  });
  const kept = ["HOME", "PATH", "PIP_INDEX_URL", "SSL_CERT_FILE", "npm_config_registry"];
  expect(Object.keys(env).toSorted()).toEqual(kept);
});
