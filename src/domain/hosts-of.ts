// The host names under which an app is reached.
import type { App } from "./app.ts";

/** `<app>.<domain>` first, then `<app>.localhost`, which needs no set-up (RFC 6761, 6.3), then the owner's own. */
export const hostsOf = (domain: string, app: Pick<App, "name" | "config">): string[] => [
  ...new Set([`${app.name}.${domain}`, `${app.name}.localhost`, ...app.config.domains]),
];
