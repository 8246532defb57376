// A port as people write it.
import { Failure } from "./failure.ts";

/** `auto`, `none` or a number. Whether it can be had is for the daemon to say. */
export function portOption(text: string): "auto" | "none" | number {
  if (text === "auto" || text === "none") return text;
  const port = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new Failure("usage", `${JSON.stringify(text)} can't be a port`, {
    code: "invalid-port",
    field: "port",
    hint: "Use auto, none or a number from 1 to 65535.",
  });
}
