// Own domains of apps: plain host names and nothing else, because they end up in proxy and DNS files.
import { domainToASCII } from "node:url";
import { GantryError } from "./errors.ts";
import { RESERVED_NAMES } from "./name.ts";
import { shown } from "./shown.ts";

/** RFC 1123 section 2.1: letters, digits, hyphens; no underscore. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * The host in lower case without a trailing dot. `domain` is the suffix of app names (GANTRY_DOMAIN); it and Gantry's own
 * hosts under it are refused. Throws `invalid-host`, or `not-built` for wildcards.
 */
export function checkHost(value: unknown, domain: string): string {
  if (typeof value !== "string") throw invalid(value, "it must be text");
  if (value.length > 1_000) throw invalid(value, "it is longer than 253 characters");
  const host = value.toLowerCase().replace(/\.$/, "");
  if (host === "") throw invalid(value, "it is empty");
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(host)) throw invalid(value, "it is a URL", "Give only the host name.");
  if (isIpAddress(host)) throw invalid(value, "it is an IP address", "Give a host name.");
  if (/^[^:]*:[0-9]*$/.test(host)) throw invalid(value, "it has a port", `Use ${shown(host.split(":")[0])}.`);
  if (/^\*\.[a-z0-9.-]+$/.test(host)) throw new GantryError("not-built", { what: "A wildcard domain" });
  if (/[^\p{ASCII}]/u.test(host)) throw invalid(value, "it is not plain ASCII", punycodeHint(host));
  if (host.length > 253) throw invalid(value, "it is longer than 253 characters");
  for (const label of host.split(".")) checkLabel(value, label);
  if (host === domain || host === "localhost") throw invalid(value, "it belongs to Gantry");
  if (RESERVED_NAMES.some((name) => host === `${name}.${domain}`))
    throw invalid(value, "it belongs to Gantry");
  return host;
}

function checkLabel(value: string, label: string): void {
  if (label === "") throw invalid(value, "a part between two dots is empty");
  if (label.length > 63) throw invalid(value, "a part has more than 63 characters");
  if (LABEL.test(label)) return;
  if (/^-|-$/.test(label)) throw invalid(value, "a part begins or ends with a hyphen");
  const wrong = /[^a-z0-9-]/.exec(label)?.[0] ?? "";
  throw invalid(value, `${shown(wrong)} is not allowed in a host name`);
}

/** Whatever a browser would take for an address: the WHATWG URL standard's "ends in a number", and IPv6. */
function isIpAddress(host: string): boolean {
  if (host.startsWith("[") || /^[0-9a-f:.%]*:[0-9a-f:.%]*:[0-9a-z:.%]*$/.test(host)) return true;
  const last = host.split(":")[0]?.split(".").at(-1) ?? "";
  return /^(?:[0-9]+|0x[0-9a-f]*)$/.test(last);
}

function punycodeHint(host: string): string | undefined {
  const ascii = domainToASCII(host);
  return ascii === "" || ascii === host ? undefined : `Use its ASCII form: ${ascii}`;
}

const invalid = (host: unknown, reason: string, hint?: string): GantryError =>
  new GantryError("invalid-host", { host: shown(host), reason, hint, field: "domains" });
