// Who may use the API in local mode: everything over the private socket; a signed-in browser over loopback.
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { HttpProblem } from "./problem.ts";
import type { Sessions } from "./sessions.ts";

/** `public`: nobody need sign in. `person`: the socket or a session. `socket`: the socket alone. */
export type Access = "public" | "person" | "socket";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Default: `person`. */
    access?: Access;
  }
}

export interface Auth {
  /** From now on everything on this connection comes over the private socket: its file mode let only the owner in. */
  trust(socket: Socket): void;
  /** Throws the `HttpProblem` that keeps this request out. */
  check(request: IncomingMessage, access: Access): void;
  /** `web` for browsers; over the socket what the client calls itself, else `api`. */
  actorOf(request: IncomingMessage): string;
  /** The header that hands a session to the browser. */
  cookie(secret: string, maxAgeS: number): string;
}

/** `names` are the host names of the API, lower case; `port` is asked for late because it may be chosen at listen. */
export function createAuth(names: string[], port: () => number, sessions: Sessions): Auth {
  const trusted = new WeakSet<Socket>();
  const hosts = () => names.flatMap((name) => [`${name}:${port()}`, ...(port() === 80 ? [name] : [])]);
  const cookieName = () => `gantry_${port()}`;

  return {
    trust(socket) {
      trusted.add(socket);
    },
    check(request, access) {
      if (trusted.has(request.socket)) return;
      const host = request.headers.host?.toLowerCase();
      if (host === undefined || !hosts().includes(host)) throw new HttpProblem("foreign-host");
      refuseForeignPages(request, host);
      if (access === "public") return;
      const secret = cookieOf(request, cookieName());
      if (secret === undefined || !sessions.has(secret)) throw new HttpProblem("signed-out");
      if (access === "socket") throw new HttpProblem("socket-only");
    },
    actorOf(request) {
      if (!trusted.has(request.socket)) return "web";
      const name = request.headers["gantry-client"];
      return typeof name === "string" && /^(cli|tui|mcp)$/.test(name) ? name : "api";
    },
    cookie: (secret, maxAgeS) =>
      `${cookieName()}=${secret}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict`,
  };
}

/**
 * Apps on other ports of 127.0.0.1 count as the same site, so the cookie alone does not keep their pages out: the
 * exact origin does, for every method. Browsers that send no Origin tell by Sec-Fetch-Site (Fetch Metadata).
 */
function refuseForeignPages(request: IncomingMessage, host: string): void {
  const { origin } = request.headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host}`)
    throw new HttpProblem("foreign-origin");
  const site = request.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none") return;
  const opensPage = request.method === "GET" && request.headers["sec-fetch-mode"] === "navigate";
  if (!opensPage || request.headers["sec-fetch-dest"] !== "document") throw new HttpProblem("foreign-origin");
}

function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const part of request.headers.cookie?.split(";") ?? []) {
    const [key, value] = part.split("=", 2);
    if (key?.trim() === name) return value?.trim();
  }
  return undefined;
}
