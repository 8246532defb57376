// A template: an app to begin with, as its folder and its template.yaml describe it.
import type { AppPatch } from "./config-patch.ts";

export type TemplateOrigin = "built-in" | "own";

/** A folder with a template, not yet read. */
export interface TemplateFolder {
  name: string;
  /** Absolute. */
  path: string;
  origin: TemplateOrigin;
  /** Is there a built-in one of that name, which this one stands in for? */
  hides: boolean;
  /** The text of its template.yaml; null where it has none. */
  description: string | null;
  /** Why it can't be used, in one sentence. */
  problem: string | null;
}

/** `random`: nobody has to know it. `password`: shown once, to whoever makes the app. */
export type SecretKind = "random" | "password";

export interface Template {
  title: string;
  description: string;
  tags: string[];
  /** Files in which `{{name}}` becomes the app's name. */
  placeholders: string[];
  /** Name → what is made. */
  secrets: Record<string, SecretKind>;
  /** What its `config` says, with the keys of gantry.yaml. */
  patch: Omit<AppPatch, "name" | "path">;
  /** The same for people: a gantry.yaml with the app's name on top. */
  manifest(name: string): string;
}

/** path → content. */
export type TemplateFiles = ReadonlyMap<string, TemplateFile>;

export interface TemplateFile {
  content: Buffer;
  executable: boolean;
}

/** The file that describes a template; no part of the app. */
export const TEMPLATE_FILE = "template.yaml";

/** What a template may hold. */
export const TEMPLATE_LIMITS = { maxBytes: 32 * 1_024 * 1_024, maxFiles: 5_000 };

/** What can be typed without quotes, and is no path and no address. */
export const isTemplateName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name);
