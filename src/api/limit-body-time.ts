// How long the body of a request may take to come. Node's own limit knows no exceptions, and uploads may take hours.
import type { FastifyInstance } from "fastify";

const WHOLE_MS = 60_000;
const SILENCE_MS = 30_000;
/** A client that was refused may need a moment to see it, while what it sends goes nowhere. */
const LINGER_MS = 2_000;

declare module "fastify" {
  interface FastifyContextConfig {
    /** The body may take as long as it likes, while it comes at all. */
    upload?: boolean;
  }
}

/** Who is too slow is cut off: there is nobody left who would read an answer. */
export function limitBodyTime(api: FastifyInstance): void {
  api.addHook("onRequest", async ({ raw, routeOptions }, reply) => {
    const hasBody =
      raw.headers["transfer-encoding"] !== undefined || Number(raw.headers["content-length"]) > 0;
    if (!hasBody) return;
    const cut = (): void => void (raw.complete || raw.socket.destroy());
    reply.raw.once("finish", () => raw.complete || setTimeout(cut, LINGER_MS).unref());
    if (routeOptions.config.upload === true) {
      raw.socket.setTimeout(SILENCE_MS, cut);
      raw.once("close", () => raw.socket.setTimeout(0));
      return;
    }
    const timer = setTimeout(cut, WHOLE_MS).unref();
    raw.once("end", () => clearTimeout(timer));
    reply.raw.once("close", () => clearTimeout(timer));
  });
}
