// Releases, deployments and code in answers.
import * as z from "zod";
import type { FileChange, TreeFile } from "../../domain/code.ts";
import type { DeploymentView } from "../../domain/deployment-view.ts";
import type { DraftView } from "../../domain/draft-view.ts";
import type { ReleaseView } from "../../domain/release-view.ts";
import { Toolchain } from "./app.ts";
import { Time } from "./parts.ts";

export const Release = z
  .object({
    number: z.int(),
    state: z.enum(["serving", "good", "failed", "kept"]),
    target: z.boolean().describe("Does it run when the app runs?"),
    author: z.string().nullable(),
    message: z.string().nullable(),
    source: z.string().nullable().describe("Where the code came from"),
    code: z.enum(["live", "tree"]).describe("live: the linked folder, as it lies there"),
    tree: z.string().nullable(),
    size: z.int().nullable().describe("Bytes of the kept code"),
    createdAt: Time,
    buildMs: z.number(),
    pinned: z.boolean(),
    deploymentId: z.string().nullable(),
    toolchain: Toolchain,
    framework: z.string().nullable(),
    run: z.string().nullable(),
    entry: z.string().nullable(),
  })
  .meta({ id: "Release" }) satisfies z.ZodType<ReleaseView>;

export const DiagnosticSchema = z
  .object({
    file: z.string().nullable(),
    line: z.int().nullable().describe("From 1"),
    column: z.int().nullable().describe("From 1"),
    severity: z.enum(["error", "warning"]),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: "Diagnostic" });

export const Deployment = z
  .object({
    id: z.string(),
    app: z.string(),
    appId: z.string(),
    state: z.enum(["building", "starting", "done", "failed", "cancelled", "superseded"]),
    open: z.boolean().describe("Is it still under way?"),
    reason: z.string().nullable(),
    lastLines: z.array(z.string()),
    diagnostics: z.array(DiagnosticSchema),
    release: z.int().nullable(),
    origin: z.enum(["live", "current", "tree", "folder", "git", "release"]),
    start: z.boolean(),
    actor: z.string(),
    message: z.string().nullable(),
    source: z.string().nullable(),
    startedAt: Time,
    endedAt: Time.nullable(),
    durationMs: z.number(),
    stages: z.array(
      z.object({
        stage: z.enum(["fetch", "validate", "build", "start", "health", "switch", "drain"]),
        state: z.enum(["running", "done", "failed", "cancelled"]),
        startedAt: Time,
        durationMs: z.number().nullable(),
        message: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "Deployment" }) satisfies z.ZodType<DeploymentView>;

export const CodeFile = z.object({
  path: z.string(),
  bytes: z.int(),
  hash: z.string().describe("SHA-256 of the content"),
  executable: z.boolean(),
}) satisfies z.ZodType<TreeFile>;

export const Draft = z
  .object({
    state: z.enum(["none", "deployed", "not-deployed"]),
    tree: z.string().nullable().describe("The tag for If-Match"),
    deployedTree: z.string().nullable(),
    subfolder: z.string(),
    savedAt: Time.nullable(),
    author: z.string().nullable(),
    bytes: z.int(),
    files: z.array(CodeFile),
  })
  .meta({ id: "Draft" }) satisfies z.ZodType<DraftView>;

export const Change = z.object({
  path: z.string(),
  change: z.enum(["added", "removed", "changed"]),
  diff: z.string().nullable().describe("Unified; null for binary and very large files"),
}) satisfies z.ZodType<FileChange>;

/** What a person says about a deploy. */
export const Message = z
  .string()
  .max(2_000)
  .regex(/^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u, "it has control characters")
  .nullable()
  .default(null)
  .describe("What it is about");
