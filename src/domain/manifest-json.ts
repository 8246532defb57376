// A JSON value (the body of a request) as a tree of inputs.
import { type Input, inside, type Place, refuse } from "./manifest-input.ts";

const MAX_DEPTH = 32;

/** Numbers, texts and truth values stay apart: JSON can say what it means. */
export function inputFromJson(value: unknown, place: Place = { field: "" }, depth = 0): Input {
  if (depth > MAX_DEPTH) throw refuse(place, "it is nested too deeply");
  if (value === null || value === undefined)
    return { type: "scalar", text: "", kind: "null", exact: true, place };
  if (Array.isArray(value))
    return {
      type: "list",
      place,
      items: value.map((item, i) => inputFromJson(item, inside(place, i), depth + 1)),
    };
  if (typeof value === "object") {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => ({
        key,
        keyPlace: inside(place, key),
        value: inputFromJson(inner, inside(place, key), depth + 1),
      }));
    return { type: "map", entries, place };
  }
  const kind = typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "text";
  return { type: "scalar", text: String(value), kind, exact: true, place };
}
