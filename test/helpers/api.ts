// An API over real parts in a home of its own, for tests of the API alone: no edge, no loop that starts anything.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { type ApiServer, createApi } from "../../src/api/server.ts";
import type { Context } from "../../src/context.ts";
import type { App } from "../../src/domain/app.ts";
import { configDefaults, defaultConfig } from "../../src/domain/config-patch.ts";
import type { Progress } from "../../src/domain/event.ts";
import type { EdgeControl } from "../../src/domain/route.ts";
import { parseSettings } from "../../src/domain/settings.ts";
import { createProcessEngine } from "../../src/engines/process/process-engine.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { newId } from "../../src/lib/id.ts";
import { createBuilder } from "../../src/operations/builder.ts";
import { createExecutions } from "../../src/reconcile/executions.ts";
import { createReconciler } from "../../src/reconcile/reconciler.ts";
import { openStore } from "../../src/store/open-store.ts";
import { createExecutionOutput } from "../../src/telemetry/logs/execution-output.ts";
import { createLogs } from "../../src/telemetry/logs/logs.ts";
import { createToolchains } from "../../src/toolchains/index.ts";
import { keptCode } from "./kept-code.ts";
import { type Answer, type Ask, ask } from "./request.ts";

export interface TestApi {
  api: ApiServer;
  context: Context;
  home: string;
  socketPath: string;
  port: number;
  /** Over the socket. */
  local(method: string, path: string, more?: Partial<Ask>): Promise<Answer>;
  /** Over TCP, with the right Host unless another is given. */
  remote(method: string, path: string, more?: Partial<Ask>): Promise<Answer>;
  /** The Cookie header of a browser that opened a one-time link. */
  signIn(): Promise<string>;
  /** Stores an app directly. */
  addApp(name: string, more?: Partial<App>): Promise<App>;
  /** What the daemon's log got. */
  logged: { message: string; details: Record<string, unknown> | undefined }[];
  /** Ends the API and starts another one on the same home. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

/** Every answer is compared with its schema; one that differs becomes a failure of the request. */
const compare = (data: unknown, schema: z.ZodType, url: string): void => {
  const result = schema.safeParse(data);
  if (!result.success) throw new Error(`answer of ${url} is not as described: ${result.error.message}`);
};

export async function createTestApi(options: { shutdown?: () => void } = {}): Promise<TestApi> {
  const home = mkdtempSync("/tmp/g-api-");
  const socketPath = join(home, "gantry.sock");
  const logged: TestApi["logged"] = [];
  const context = await createTestContext(home, logged);
  const open = () =>
    createApi(context, {
      socketPath,
      host: "127.0.0.1",
      port: 0,
      onAnswer: compare,
      ...(options.shutdown && { shutdown: options.shutdown }),
    });
  let api = await open();
  await api.listen();
  const port = () => Number(new URL(api.url).port);

  return {
    get api() {
      return api;
    },
    get port() {
      return port();
    },
    context,
    home,
    socketPath,
    logged,
    local: (method, path, more = {}) => ask({ method, path, socketPath, ...more }),
    remote: (method, path, more = {}) => ask({ method, path, port: port(), ...more }),
    async signIn() {
      const { pathname, search } = new URL(api.loginLink());
      const answer = await ask({ path: pathname + search, port: port() });
      return String(answer.headers["set-cookie"]).split(";")[0] ?? "";
    },
    addApp: async (name, more = {}) => {
      const app = { ...blankApp(context, name), ...more };
      await context.store.write({ put: { apps: [app] } });
      return app;
    },
    async restart() {
      await api.close();
      api = await open();
      await api.listen();
    },
    async end() {
      await api.close();
      await context.builder.close();
      for (const toolchain of context.toolchains) await toolchain.close?.();
      await context.reconciler.close();
      for (const engine of Object.values(context.engines)) engine.close();
      context.logs.close();
      context.output.close();
      await context.store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function createTestContext(home: string, logged: TestApi["logged"]): Promise<Context> {
  const note = (message: string, details?: Record<string, unknown>) => void logged.push({ message, details });
  const log = { debug: note, info: note, warn: note, error: note };
  const listeners = new Set<(progress: Progress) => void>();
  const context: Context = {
    settings: parseSettings(home, {}),
    version: "0.0.0",
    clock: systemClock,
    log,
    store: await openStore({ home, databaseUrl: null, log: (_, message, details) => note(message, details) }),
    engines: { process: createProcessEngine({ home }) },
    toolchains: createToolchains(),
    ...keptCode(home, () => context.store),
    edge: noEdge,
    logs: createLogs({ home, maxBytesPerApp: 1_048_576, retentionDays: 30 }),
    executions: createExecutions(() => context),
    output: createExecutionOutput({ home, maxBytesPerApp: 1_048_576, retentionDays: 30 }),
    progress: {
      announce: (progress) => listeners.forEach((listener) => void listener(progress)),
      on(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    reconciler: createReconciler(() => context),
    builder: createBuilder(() => context),
  };
  return context;
}

function blankApp({ settings }: Context, name: string): App {
  const now = Date.now();
  return {
    id: newId("a"),
    name,
    source: { type: "folder", path: settings.home },
    engine: "process",
    config: defaultConfig(configDefaults(settings)),
    enabled: true,
    system: false,
    wanted: false,
    targetReleaseId: null,
    goodReleaseId: null,
    generation: 0,
    generationAt: now,
    ignoresPort: false,
    createdAt: now,
    updatedAt: now,
    lastStartedAt: null,
    deletedAt: null,
  };
}

const noEdge: EdgeControl = {
  publish: async () => {},
  drain: async () => {},
  status: () => ({ connected: false, version: null, connections: 0 }),
  onTraffic: () => () => {},
  close() {},
};
