// placeholder
import type { Exchange } from "./exchange.ts";
export function serveStatic(exchange: Exchange, _root: string): void {
  exchange.fail({ status: 500, code: "x", title: "x", message: "x", hint: null });
}
