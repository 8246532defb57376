// Numbers of releases as people type them.
import { Failure } from "./failure.ts";

const MAX = 1_000_000_000;

/** Throws `usage` for what is no number from 1. `field` names it in errors. */
export function releaseNumber(text: string, field: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MAX) return value;
  throw new Failure("usage", `${JSON.stringify(text)} is no number of a release`, {
    code: "invalid-argument",
    field,
    hint: "gantry releases <app> shows them.",
  });
}
