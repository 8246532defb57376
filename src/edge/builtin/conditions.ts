// Conditional and partial requests for a static file (RFC 9110 sections 13 and 14).

export interface Representation {
  size: number;
  etag: string;
  /** Whole seconds since 1970. */
  modifiedAt: number;
}

/** The value of a header in checked header lines, or null. */
export function headerValue(lines: string, name: string): string | null {
  const match = new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r$`, "im").exec(lines);
  return match?.[1] ?? null;
}

/** RFC 9110 section 13.2.2: does the client have it already? */
export function isUnchanged(lines: string, { etag, modifiedAt }: Representation): boolean {
  const tags = headerValue(lines, "if-none-match");
  if (tags !== null)
    return tags === "*" || tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
  const since = Date.parse(headerValue(lines, "if-modified-since") ?? "");
  return !Number.isNaN(since) && modifiedAt * 1000 <= since;
}

export type Range = { first: number; last: number };

/** One range of bytes; null: the whole (also for several ranges or other units), "unsatisfiable": 416. */
export function wantedRange(lines: string, file: Representation): Range | "unsatisfiable" | null {
  const range = headerValue(lines, "range");
  if (range === null || !stillValid(lines, file)) return null;
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(range);
  if (match === null || (match[1] === "" && match[2] === "")) return null;
  if (match[1] === "") {
    const length = Math.min(Number(match[2]), file.size);
    return length === 0 ? "unsatisfiable" : { first: file.size - length, last: file.size - 1 };
  }
  const first = Number(match[1]);
  const last = match[2] === "" ? file.size - 1 : Math.min(Number(match[2]), file.size - 1);
  if (match[2] !== "" && Number(match[2]) < first) return null;
  return first >= file.size ? "unsatisfiable" : { first, last };
}

/** RFC 9110 section 13.1.5: parts only of what the client has the rest of. */
function stillValid(lines: string, { etag, modifiedAt }: Representation): boolean {
  const condition = headerValue(lines, "if-range");
  if (condition === null) return true;
  return condition.includes('"') ? condition === etag : Date.parse(condition) === modifiedAt * 1000;
}
