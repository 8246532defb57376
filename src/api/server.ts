// The API on its two doors: a private unix socket and a loopback port.
import { chmod, rm } from "node:fs/promises";
import { createServer, type Server, type ServerOptions } from "node:http";
import type { AddressInfo } from "node:net";
import type { Context } from "../context.ts";
import { GantryError } from "../domain/errors.ts";
import type { ApiParts } from "./api.ts";
import { createAuth } from "./auth.ts";
import { type BuildOptions, buildApp } from "./build-app.ts";
import { limitConnections } from "./limit-connections.ts";
import { refuseConnection } from "./problem.ts";
import { createSessions } from "./sessions.ts";
import { createStreams } from "./stream.ts";

export interface ApiOptions {
  /** Absolute path, in a folder that only the owner can enter. A file left by an earlier daemon is replaced. */
  socketPath: string;
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** What POST /api/system/shutdown does; default: SIGTERM to this process. */
  shutdown?: () => void;
  /** What POST /api/system/replace does; default: refuse. */
  replace?: ApiParts["replace"];
  onAnswer?: BuildOptions["onAnswer"];
}

export interface ApiServer {
  /** Throws `address-in-use` when the port belongs to somebody else; nothing listens then. */
  listen(): Promise<void>;
  /** Ends streams and connections; waits up to a second for answers that are under way. */
  close(): Promise<void>;
  /** A one-time link that signs a browser in. */
  loginLink(): string;
  /** `http://127.0.0.1:7070`; the port is right after `listen`. */
  readonly url: string;
}

/** Times in milliseconds. Slow senders are cut; streams of answers may last. */
const LIMITS: ServerOptions = {
  headersTimeout: 10_000,
  // See limit-body-time.ts.
  requestTimeout: 0,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
};
const MAX_TCP_CONNECTIONS = 2_048;
const GRACE_MS = 1_000;

/** Builds the API; nothing listens before `listen`. */
export async function createApi(context: Context, options: ApiOptions): Promise<ApiServer> {
  const { host, port, socketPath } = options;
  const tcp = createServer(LIMITS);
  const local = createServer(LIMITS);
  const url = () => `http://${host.includes(":") ? `[${host}]` : host}:${portOf(tcp) ?? port}`;
  const names = ["127.0.0.1", "localhost", "[::1]", "gantry.localhost", `gantry.${context.settings.domain}`];
  const sessions = createSessions(context.store, context.clock, context.log);
  const auth = createAuth([...new Set([...names, host])], () => portOf(tcp) ?? port, sessions);
  const streams = createStreams();
  const shutdown = options.shutdown ?? (() => process.kill(process.pid, "SIGTERM"));
  const api = await buildApp(
    { context, auth, sessions, streams, url, shutdown, replace: options.replace ?? refuseReplacement },
    { server: tcp, ...(options.onAnswer && { onAnswer: options.onAnswer }) },
  );

  limitConnections(tcp, MAX_TCP_CONNECTIONS);
  local.on("connection", (socket) => auth.trust(socket));
  // Fastify does this for the server that it was given.
  local.on("clientError", refuseConnection);
  for (const server of [tcp, local]) server.on("request", api.routing);

  return {
    get url() {
      return url();
    },
    loginLink: () => `${url()}/login?token=${sessions.createLink().token}`,
    async listen() {
      try {
        await listenTcp(tcp, host, port);
        await listenSocket(local, socketPath);
      } catch (error) {
        await Promise.all([shut(tcp), shut(local)]);
        throw error;
      }
    },
    async close() {
      streams.close();
      await Promise.all([shut(tcp), shut(local)]);
      await api.close();
    },
  };
}

function refuseReplacement(): never {
  throw new GantryError("in-foreground");
}

const portOf = (server: Server): number | undefined => (server.address() as AddressInfo | null)?.port;

function listenTcp(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      const details = {
        address: `${host}:${port}`,
        setting: "GANTRY_PORT",
        holder: "in use by another program",
      };
      reject(new GantryError("address-in-use", details, error));
    });
    server.listen({ host, port }, resolve);
  });
}

/** The caller holds the lock of the home, so a socket file that lies there is a dead one. */
async function listenSocket(server: Server, path: string): Promise<void> {
  await rm(path, { force: true });
  const umask = process.umask(0o177);
  try {
    const listening = new Promise<void>((resolve, reject) =>
      server.once("error", reject).listen(path, resolve),
    );
    process.umask(umask);
    await listening;
  } finally {
    process.umask(umask);
  }
  await chmod(path, 0o600);
}

function shut(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
