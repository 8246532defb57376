// Conditional requests on apps (RFC 9110, section 13): the tag changes with the app's configuration.
import type { App } from "../domain/app.ts";
import { GantryError } from "../domain/errors.ts";

export const etagOf = (app: App): string => `"${app.updatedAt}"`;

/** Throws `stale` when the request's If-Match names none of the app's current tag. */
export function checkIfMatch(header: string | undefined, app: App): void {
  if (header === undefined || header.trim() === "*") return;
  const tags = header.split(",").map((tag) => tag.trim());
  if (!tags.includes(etagOf(app))) throw new GantryError("stale", { app: app.name });
}
