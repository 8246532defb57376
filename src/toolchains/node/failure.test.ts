import { expect, it } from "vitest";
import { explainNode } from "./failure.ts";

it.each([
  [
    "a version that does not exist",
    "npm error code ETARGET\nnpm error notarget No matching version found for left-pad@99.0.0.",
    "package.json: no version of left-pad@99.0.0 exists",
  ],
  [
    "an unknown package",
    "npm ERR! code E404\nnpm ERR! 404 Not Found - GET https://registry.example/@scope%2fnope - Not found\nnpm ERR! 404  '@scope/nope@1' is not in this registry.",
    "package.json: there is no package @scope/nope@1",
  ],
  [
    "a lock file that does not fit",
    "npm error code EUSAGE\nnpm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.",
    "package-lock.json does not fit package.json: run npm install and keep the new lock file",
  ],
  [
    "no network",
    "npm error code ECONNREFUSED\nnpm error FetchError: request to https://me:pw@registry.example/ms failed, reason: connect ECONNREFUSED",
    "no network: could not reach the package registry at registry.example",
  ],
  [
    "a native package",
    "npm error code 1\nnpm error path /srv/app/node_modules/better-sqlite3\nnpm error command failed\nnpm error gyp ERR! find Python\n",
    "better-sqlite3 failed to build: it needs Python",
  ],
  [
    "versions that contradict each other",
    'npm error code ERESOLVE\nnpm error Could not resolve dependency:\nnpm error peer react@"^17" from old@1.0.0',
    'package.json: the versions contradict each other: react@"^17" from old@1.0.0',
  ],
  [
    "pnpm's lock file",
    " ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with frozen-lockfile",
    "pnpm-lock.yaml does not fit package.json: run pnpm install and keep the new lock file",
  ],
  [
    "a script of the project",
    "> postinstall\n> node fetch.js\nlooking\ncannot find libfoo\nnpm error code 7\nnpm error path /srv/shop\nnpm error command failed\nnpm error command sh -c node fetch.js",
    "package.json: the script postinstall failed with exit code 7: cannot find libfoo",
  ],
  [
    "a silent script of the project, by an older npm",
    "> shop@1.0.0 prepare\n> exit 3\n\nnpm ERR! code 3\nnpm ERR! path /srv/shop\nnpm ERR! command failed",
    "package.json: the script prepare failed with exit code 3",
  ],
  [
    "anything else",
    "npm error strange\nnpm error A complete log of this run can be found in: x",
    "npm failed: strange",
  ],
  ["nothing", "", "npm failed: no output"],
])("%s", (_name, output, reason) => {
  expect(explainNode(output.split("\n"), "npm")).toBe(reason);
});
