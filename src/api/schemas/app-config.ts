// The whole configuration of an app, as it is read.
import * as z from "zod";
import type { AppConfigView } from "../../domain/app-view.ts";
import { Engine } from "./app.ts";
import { Check } from "./detection.ts";

const Health = z.object({
  check: Check.nullable().describe("null: as detected"),
  intervalMs: z.number(),
  timeoutMs: z.number(),
  retries: z.int(),
  startPeriodMs: z.number(),
});

const Restart = z.object({
  policy: z.enum(["always", "on-failure", "never"]).nullable(),
  delayMs: z.number(),
  max: z.int(),
  windowMs: z.number(),
});

const Hook = z.object({ run: z.string(), timeoutMs: z.number(), shell: z.boolean() }).meta({ id: "Hook" });

const Hooks = z.object({
  pre_deploy: z.exactOptional(Hook),
  pre_start: z.exactOptional(Hook),
  post_start: z.exactOptional(Hook),
  post_deploy: z.exactOptional(Hook),
  pre_stop: z.exactOptional(Hook),
  post_stop: z.exactOptional(Hook),
});

export const AppConfig = z
  .object({
    name: z.string(),
    enabled: z.boolean(),
    engine: Engine,
    path: z.string(),
    run: z.string().nullable(),
    shell: z.boolean(),
    entry: z.string().nullable(),
    args: z.array(z.string()),
    port: z.union([z.enum(["auto", "none"]), z.int()]).nullable(),
    host: z.string(),
    env: z.record(z.string(), z.string()),
    envFile: z.string().nullable(),
    replicas: z.object({ min: z.int(), max: z.int() }),
    restart: Restart,
    health: Health.nullable(),
    resources: z.object({
      cpu: z.number().nullable(),
      memoryBytes: z.number().nullable(),
      pids: z.number().nullable(),
    }),
    dependsOn: z.array(z.string()),
    hooks: z.exactOptional(Hooks).describe("Absent where there are none"),
    stop: z.object({ signal: z.string(), timeoutMs: z.number() }),
    watch: z.boolean(),
    domains: z.array(z.string()),
    strategy: z.enum(["auto", "start-first", "stop-first"]),
    warm: z.exactOptional(z.boolean()).describe("Absent: true"),
  })
  .meta({ id: "AppConfig" }) satisfies z.ZodType<AppConfigView>;
