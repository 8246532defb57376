// The loop on a bench: the real store and planner, engine and clock in the test's hand, an edge that only takes notes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "../../src/context.ts";
import type { App, AppConfig } from "../../src/domain/app.ts";
import type { AppView } from "../../src/domain/app-view.ts";
import { configDefaults, defaultConfig } from "../../src/domain/config-patch.ts";
import type { Deployment, Origin } from "../../src/domain/deployment.ts";
import type { Launch, Release } from "../../src/domain/release.ts";
import type { RouteTable } from "../../src/domain/route.ts";
import { parseSettings } from "../../src/domain/settings.ts";
import { treeLimits } from "../../src/domain/tree-limits.ts";
import {
  createMemoryEngine,
  type MemoryEngine,
  MemoryWorld,
} from "../../src/engines/memory/memory-engine.ts";
import { createBus } from "../../src/lib/bus.ts";
import { newId } from "../../src/lib/id.ts";
import { createBuilder } from "../../src/operations/builder.ts";
import { showApp } from "../../src/operations/show-app.ts";
import { createExecutions } from "../../src/reconcile/executions.ts";
import { createReconciler } from "../../src/reconcile/reconciler.ts";
import { openStore } from "../../src/store/open-store.ts";
import { createExecutionOutput } from "../../src/telemetry/logs/execution-output.ts";
import { createToolchains } from "../../src/toolchains/index.ts";
import { HandClock, settle } from "./hand-clock.ts";
import { keptCode } from "./kept-code.ts";
import { until } from "./until.ts";

export class LoopBench {
  readonly home = mkdtempSync(join(tmpdir(), "gantry-loop-"));
  readonly clock = new HandClock();
  readonly world = new MemoryWorld();
  /** Every table that was published, oldest first. */
  readonly tables: RouteTable[] = [];
  engine!: MemoryEngine;
  context!: Context;

  /** Opens a daemon's worth of parts; again after `close` it is the next daemon on the same home. */
  async open(): Promise<this> {
    this.engine = createMemoryEngine({ world: this.world });
    const store = await openStore({
      home: this.home,
      databaseUrl: null,
      log: () => {},
      now: () => this.clock.now(),
    });
    const nothing = (): void => {};
    const context: Context = {
      settings: parseSettings(this.home, {}),
      version: "test",
      clock: this.clock,
      log: {
        debug: nothing,
        info: nothing,
        warn: nothing,
        error: (message, details) => this.errors.push({ message, ...details }),
      },
      store,
      engines: { memory: this.engine },
      toolchains: createToolchains(),
      ...keptCode(this.home, () => store),
      edge: {
        publish: async (table) => void this.tables.push(table),
        drain: async () => {},
        status: () => ({ connected: true, version: 0, connections: 0 }),
        onTraffic: () => nothing,
        close: nothing,
      },
      logs: {
        fileOf: (app, id) => join(this.home, `${app}-${id}.log`),
        attach: nothing,
        detach: nothing,
        read: async function* () {},
        lastLines: async () => [],
        prune: async () => {},
        forget: nothing,
        close: nothing,
      },
      progress: createBus(),
      executions: createExecutions(() => context),
      output: createExecutionOutput({ home: this.home, maxBytesPerApp: 2 ** 20, retentionDays: 30 }),
      reconciler: createReconciler(() => context),
      builder: createBuilder(() => context),
    };
    this.context = context;
    await context.reconciler.start();
    await settle();
    return this;
  }

  /** What the loop logged as its own faults. */
  readonly errors: Record<string, unknown>[] = [];

  async close(): Promise<void> {
    await this.context.builder.close();
    await this.context.reconciler.close();
    this.engine.close();
    this.context.output.close();
    await this.context.store.close();
  }

  async end(): Promise<void> {
    await this.close();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** An app with a first release, as a build would leave it; wanted unless said otherwise. */
  async add(
    name: string,
    more: Omit<Partial<App>, "config"> & { config?: Partial<AppConfig>; launch?: Partial<Launch> } = {},
  ): Promise<App> {
    const { config: configured, launch, ...rest } = more;
    const now = this.clock.now();
    const config = { ...defaultConfig(configDefaults(this.context.settings)), ...configured };
    const app: App = {
      id: newId("a", now),
      name,
      source: { type: "folder", path: this.home },
      engine: "memory",
      config,
      enabled: true,
      system: false,
      wanted: true,
      targetReleaseId: null,
      goodReleaseId: null,
      generation: 1,
      generationAt: now,
      ignoresPort: false,
      createdAt: now,
      updatedAt: now,
      lastStartedAt: now,
      deletedAt: null,
      ...rest,
    };
    await this.context.store.write({ put: { apps: [app] } });
    return await this.release(app, launch);
  }

  /** A further release, set as target. */
  async release(app: App, more: Partial<Launch> = {}): Promise<App> {
    const { store } = this.context;
    const number = store.releases.ofApp(app.id).length + 1;
    const release: Release = {
      id: newId("r", this.clock.now()),
      appId: app.id,
      number,
      launch: this.#launch(app, more),
      config: app.config,
      run: "made up",
      entry: null,
      contentHash: `hash ${number}`,
      createdAt: this.clock.now(),
      buildMs: 0,
    };
    const target = { ...(store.apps.get(app.id) ?? app), targetReleaseId: release.id };
    await store.write({ put: { releases: [release], apps: [target] } });
    this.context.reconciler.wake(app.id);
    await settle();
    return target;
  }

  #launch(app: App, more: Partial<Launch>): Launch {
    return {
      toolchain: "command",
      framework: null,
      argv: ["made-up"],
      cwd: this.home,
      env: {},
      listens: "none",
      port: null,
      host: "127.0.0.1",
      staticRoot: null,
      health: {
        check: { type: "none" },
        intervalMs: 10_000,
        timeoutMs: 2_000,
        retries: 3,
        startPeriodMs: 30_000,
      },
      restart: { ...app.config.restart, policy: app.config.restart.policy ?? "on-failure" },
      stop: app.config.stop,
      resources: app.config.resources,
      strategy: "start-first",
      ...more,
    };
  }

  /** An app without a release, whose code Gantry keeps. */
  async addEmpty(name: string, config: Partial<AppConfig> = {}): Promise<App> {
    const app = await this.add(name, {
      source: { type: "files" },
      wanted: false,
      lastStartedAt: null,
      config,
    });
    const [release] = this.context.store.releases.ofApp(app.id);
    const empty = { ...app, targetReleaseId: null };
    await this.context.store.write({ put: { apps: [empty] }, remove: { releases: [release?.id ?? ""] } });
    return empty;
  }

  /** Stores code for the app; returns the origin that names it. */
  async store(app: App, files: Record<string, string>): Promise<Extract<Origin, { type: "tree" }>> {
    const writer = this.context.code.begin(this.app(app).name, treeLimits(this.context.settings));
    for (const [path, content] of Object.entries(files)) await writer.add(path, content);
    return { type: "tree", hash: (await writer.seal()).hash, subfolder: "" };
  }

  /** Lets time pass, in small pieces, until it is so. Builds take real time besides. */
  passUntil(what: string, look: () => unknown): Promise<unknown> {
    return until(what, async () => {
      if (look()) return true;
      await this.clock.pass(50);
      return look();
    });
  }

  deployment(id: string): Deployment {
    const row = this.context.store.deployments.get(id);
    if (row === undefined) throw new Error(`there is no deployment ${id}`);
    return row;
  }

  /** The app as it is stored now. */
  app(app: App): App {
    return this.context.store.apps.get(app.id) ?? app;
  }

  view(app: App): AppView {
    return showApp(this.context, this.app(app));
  }

  /** Ids of the app's running instances. */
  running(app: App): string[] {
    const ids = this.context.store.instances.ofApp(app.id).map((row) => row.id);
    return this.engine.running().filter((id) => ids.includes(id));
  }

  /** Stores a change of the app and wakes the loop, as an operation does. */
  async change(app: App, change: Partial<App>): Promise<void> {
    await this.context.store.write({ put: { apps: [{ ...this.app(app), ...change }] } });
    this.context.reconciler.wake(app.id);
    await settle();
  }
}
