// An app in JSON, as lists and as single documents show it.
import * as z from "zod";
import type { AppView, InstanceView, AppSummary as SummaryView } from "../../domain/app-view.ts";
import { Time } from "./parts.ts";

export const State = z
  .enum([
    "uploaded",
    "installing",
    "installed",
    "starting",
    "running",
    "unhealthy",
    "stopping",
    "stopped",
    "failed",
    "backing-off",
    "sleeping",
    "disabled",
    "deleted",
    "unknown",
  ])
  .meta({ id: "State" }) satisfies z.ZodType<AppView["state"]>;

export const Engine = z.enum(["process", "compose", "docker", "swarm", "kubernetes", "memory"]);

export const Toolchain = z.enum(["python", "node", "static", "command", "dockerfile"]);

export const Exit = z.object({ code: z.int().nullable(), signal: z.string().nullable() });

const Instance = z
  .object({
    id: z.string(),
    release: z.int(),
    state: z.enum(["starting", "running", "unhealthy", "stopping", "ended", "unknown"]),
    pid: z.int().nullable(),
    address: z.string().nullable().describe("host:port"),
    startedAt: Time.nullable(),
    endedAt: Time.nullable(),
    exit: Exit.nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: "Instance" }) satisfies z.ZodType<InstanceView>;

const summary = {
  id: z.string(),
  name: z.string(),
  state: State,
  reason: z.string().nullable().describe("Why it is in this state, where that is not plain"),
  nextTryAt: Time.nullable().describe("When a backing-off app is tried again"),
  enabled: z.boolean(),
  engine: Engine,
  framework: z.string().nullable(),
  path: z.string(),
  port: z.int().nullable(),
  pid: z.int().nullable(),
  url: z.string().nullable(),
  release: z.int().nullable().describe("Number of the release that serves"),
  restarts: z.int().describe("Unasked-for ends of instances since the last start by a person"),
  health: z.enum(["healthy", "unhealthy", "starting", "none"]),
  lastStartedAt: Time.nullable(),
  runningSince: Time.nullable().describe("The start of the run that serves"),
  notApplied: z
    .array(z.string())
    .describe("Settings that changed since the instances were started; env.NAME, secrets.NAME"),
};

/** The fields that a list of many apps shows. */
export const AppSummary = z.object(summary).meta({ id: "AppSummary" }) satisfies z.ZodType<SummaryView>;

export const App = z
  .object({
    ...summary,
    source: z.discriminatedUnion("type", [
      z.object({ type: z.literal("folder"), path: z.string() }),
      z.object({ type: z.literal("archive"), filename: z.string().nullable() }),
      z.object({
        type: z.literal("git"),
        url: z.string(),
        ref: z.string().nullable(),
        subfolder: z.string(),
      }),
      z.object({ type: z.literal("files") }),
    ]),
    toolchain: Toolchain.nullable(),
    run: z.string().nullable().describe("The command line that runs; null for static apps"),
    entry: z.string().nullable(),
    host: z.string().nullable(),
    urls: z.array(z.string()),
    instances: z.array(Instance),
    latestRelease: z.int().nullable(),
    replicas: z.object({ min: z.int(), max: z.int() }),
    secrets: z.array(z.string()).describe("Names of its secrets"),
    code: z
      .enum(["live", "tree"])
      .nullable()
      .describe("live: the linked folder, as it lies there; tree: a copy that Gantry keeps"),
    deployment: z
      .object({
        id: z.string(),
        state: z.enum(["building", "starting", "done", "failed", "cancelled", "superseded"]),
        reason: z.string().nullable(),
      })
      .nullable()
      .describe("The newest one"),
    draft: z
      .object({ savedAt: Time, author: z.string() })
      .nullable()
      .describe("Code that was saved and is not deployed"),
    createdAt: Time,
    updatedAt: Time,
    lastLines: z.array(z.string()).describe("The last output of a failed app; only in a single app's view"),
  })
  .meta({ id: "App" }) satisfies z.ZodType<AppView>;
