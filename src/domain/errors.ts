// The one error class of Gantry and the table of all its codes.

/** How an error is meant; faces map it to HTTP statuses and exit codes. */
export type ErrorKind = "invalid" | "missing" | "conflict" | "denied" | "unavailable" | "failed";

/** Every code: its kind and, where one helps, what the user can do about it. `{name}` is filled from `details`. */
export const ERRORS = {
  "invalid-input": { kind: "invalid", message: "{reason}" },
  "invalid-name": {
    kind: "invalid",
    message: "{name} can't be an app's name: {reason}",
    hint: "Use 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.",
  },
  "reserved-name": { kind: "invalid", message: "{name} is reserved by Gantry", hint: "Choose another name." },
  "invalid-manifest": { kind: "invalid", message: "{file}: {reason}" },
  "invalid-setting": { kind: "invalid", message: "{setting}: {reason}" },
  "invalid-path": { kind: "invalid", message: "{path}: {reason}" },
  "invalid-entry": {
    kind: "invalid",
    message: "{entry} is no entry: {reason}",
    hint: "Write module:variable, for example main:app.",
  },
  "invalid-host": { kind: "invalid", message: "{host} can't be a host name: {reason}" },
  "invalid-port": {
    kind: "invalid",
    message: "{port} can't be a port: {reason}",
    hint: "Use auto or a number from 1 to 65535.",
  },
  "not-detected": {
    kind: "invalid",
    message: "{path}: nothing runnable was found",
    hint: "Say how to run it: --run 'command', or run: in gantry.yaml. $PORT and $HOST are set.",
  },
  "app-missing": { kind: "missing", message: "There is no app {app}", hint: "gantry ls shows all apps." },
  "release-missing": {
    kind: "missing",
    message: "{app} has no release {release}",
    hint: "gantry releases {app} shows those that are kept.",
  },
  "execution-missing": {
    kind: "missing",
    message: "There is no execution {execution}",
    hint: "gantry runs shows those that are kept.",
  },
  "execution-over": { kind: "conflict", message: "{execution} is over: it is {state}" },
  "template-missing": {
    kind: "missing",
    message: "There is no template {template}",
    hint: "gantry new --list shows them.",
  },
  "invalid-template": { kind: "invalid", message: "The template {template} can't be used: {reason}" },
  "folder-taken": {
    kind: "conflict",
    message: "{path} is there already: {reason}",
    hint: "Choose another folder with --path.",
  },
  "deployment-missing": {
    kind: "missing",
    message: "There is no deployment {deployment}",
    hint: "gantry deployments shows those that are kept.",
  },
  "code-missing": { kind: "missing", message: "{what} is not kept" },
  "invalid-archive": { kind: "invalid", message: "The archive can't be taken: {reason}" },
  "too-large": { kind: "invalid", message: "{what} is larger than {limit}" },
  "git-failed": { kind: "failed", message: "The repository can't be fetched: {reason}" },
  "invalid-code": { kind: "invalid", message: "{reason}" },
  "requirement-refused": { kind: "invalid", message: "{requirement} may not be installed: {reason}" },
  "release-serving": { kind: "conflict", message: "Release {release} of {app} serves already" },
  "deployment-over": { kind: "conflict", message: "The deployment is over: it is {state}" },
  "hook-failed": { kind: "failed", message: "{hook} of {app} failed: {reason}" },
  "key-unavailable": {
    kind: "unavailable",
    message: "Secrets can't be read: {reason}",
    hint: "Put the home's key file back. If it is lost: gantry secret unset <app> --all, then set them again.",
  },
  "variable-missing": {
    kind: "missing",
    message: "{app} has no {kind} {name}",
    hint: "gantry env list {app} shows all, secrets too.",
  },
  "variable-taken": { kind: "conflict", message: "{name} of {app} is a {kind} already" },
  "route-missing": { kind: "missing", message: "There is nothing at {path}" },
  "name-taken": {
    kind: "conflict",
    message: "An app named {name} exists already",
    hint: "Choose another name; gantry register and gantry deploy take one with --name.",
  },
  "host-taken": { kind: "conflict", message: "{host} belongs to {app}" },
  "port-taken": { kind: "conflict", message: "Port {port} of {app} is {holder}" },
  "app-running": { kind: "conflict", message: "{app} is running", hint: "Stop it first, or use --force." },
  "app-disabled": {
    kind: "conflict",
    message: "{app} is disabled",
    hint: "Enable it first: gantry config {app} enabled=true",
  },
  stale: {
    kind: "conflict",
    message: "{app} has changed meanwhile",
    hint: "Read it again and repeat the change.",
  },
  "needs-force": { kind: "conflict", message: "{reason}", hint: "Use --force to go on all the same." },
  denied: { kind: "denied", message: "{reason}" },
  "build-failed": { kind: "failed", message: "{reason}" },
  "start-failed": { kind: "failed", message: "{reason}" },
  "stop-failed": { kind: "failed", message: "{reason}" },
  "database-locked": {
    kind: "unavailable",
    message: "The database is locked by another program",
    hint: "Try again.",
  },
  "database-unavailable": {
    kind: "unavailable",
    message: "The database can't be used: {reason}",
    hint: "gantry doctor tells more.",
  },
  "newer-state": {
    kind: "unavailable",
    message: "{place} was written by a newer Gantry (state {found}; this program knows up to {known})",
    hint: "Install the newer version again.",
  },
  "disk-full": {
    kind: "unavailable",
    message: "The disk is full: nothing was changed",
    hint: "Free some space; no restart is needed.",
  },
  "daemon-gone": {
    kind: "unavailable",
    message: "The daemon does not answer: {reason}",
    hint: "Start it with gantry serve.",
  },
  "home-locked": {
    kind: "unavailable",
    message: "Another daemon uses {home}",
    hint: "Stop it with gantry down --all.",
  },
  "in-foreground": {
    kind: "conflict",
    message: "The daemon runs in the foreground (gantry serve)",
    hint: "Restart it where it was started.",
  },
  "address-in-use": {
    kind: "unavailable",
    message: "{address} ({setting}) is {holder}",
    hint: "Stop that program or set {setting}.",
  },
  "engine-unavailable": { kind: "unavailable", message: "The engine {engine} can't be used: {reason}" },
  "not-built": { kind: "invalid", message: "{what} is not part of this version" },
} as const satisfies Record<string, { kind: ErrorKind; message: string; hint?: string }>;

export type ErrorCode = keyof typeof ERRORS;
export type ErrorDetails = Record<string, string | number | boolean | null | undefined>;

/**
 * Everything that Gantry refuses or fails at on purpose. `details` fill the placeholders of the code's message;
 * `details.field` names the offending input field and `details.hint` replaces the code's own hint.
 */
export class GantryError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) {
    super(fill(ERRORS[code].message, details), cause === undefined ? undefined : { cause });
    this.name = "GantryError";
    this.code = code;
    this.details = details;
  }

  get kind(): ErrorKind {
    return ERRORS[this.code].kind;
  }

  get hint(): string | undefined {
    if (typeof this.details.hint === "string") return this.details.hint;
    const entry = ERRORS[this.code];
    return "hint" in entry ? fill(entry.hint, this.details) : undefined;
  }
}

/** The error document that every face shows: `{"error": {"code", "message", "field?", "hint?", "id?"}}`. */
export interface ErrorDocument {
  error: { code: string; message: string; field?: string; hint?: string; id?: string };
}

const fill = (template: string, details: ErrorDetails): string =>
  template.replace(/\{(\w+)\}/g, (whole, key: string) =>
    details[key] === undefined ? whole : String(details[key]),
  );
