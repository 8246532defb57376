// Careful reading of parsed TOML and JSON, whose shape nobody has checked.

export const asRecord = (value: unknown): Record<string, unknown> | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
    ? (value as Record<string, unknown>)
    : null;

export const asText = (value: unknown): string | null => (typeof value === "string" ? value : null);

export const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
