// Reads a JSON body strictly: UTF-8, not deep, no prototype keys.
import { GantryError } from "../domain/errors.ts";
import { HttpProblem } from "./problem.ts";

const MAX_DEPTH = 32;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** The value of a JSON text; undefined for an empty one. Throws `malformed`. */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decodeText(bytes);
  refuseDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed("the body is not valid JSON");
  }
  // Fastify says null where there is no body; this one is there.
  if (value === null) throw new GantryError("invalid-input", { reason: "The request: its body is null" });
  refusePrototypeKeys(value);
  return value;
}

/** The text of a body. Throws `malformed` when it is not UTF-8. */
export function decodeText(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed("the body is not UTF-8");
  }
}

/** Before parsing: neither the parser nor anybody after it shall meet thousands of levels. */
function refuseDepth(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === "\\") i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{" || char === "[") {
      if (++depth > MAX_DEPTH) throw malformed(`the body has more than ${MAX_DEPTH} levels`);
    } else if (char === "}" || char === "]") depth--;
  }
}

function refusePrototypeKeys(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Object.hasOwn(value, "__proto__")) throw malformed("the body has a key __proto__");
  for (const child of Object.values(value)) refusePrototypeKeys(child);
}

const malformed = (reason: string): HttpProblem => new HttpProblem("malformed", { reason });
