// Reads the table "Who may import whom" of ARCHITECTURE.md.

export interface ImportRule {
  /** True for the one file that may import every room. */
  everything: boolean;
  /** Room → may its values be imported, or only its types? */
  rooms: Map<string, "all" | "types">;
}

/** Room (a folder or file of src) → its rule. Rows look like ``| `api` `cli` | `lib`, `domain` (types only) |``. */
export function parseImportTable(markdown: string): Map<string, ImportRule> {
  const rules = new Map<string, ImportRule>();
  for (const [names, allowed] of rows(markdown)) {
    const rooms = new Map<string, "all" | "types">();
    for (const [, room, note] of allowed.matchAll(/`([^`]+)`(\s*\(types only\))?/g)) {
      if (room !== undefined) rooms.set(room, note === undefined ? "all" : "types");
    }
    const rule = { everything: /^everything\b/.test(allowed), rooms };
    for (const [, name] of names.matchAll(/`([^`]+)`/g)) if (name !== undefined) rules.set(name, rule);
  }
  return rules;
}

/** The rows of the table whose head is `room | may import`. */
function* rows(markdown: string): Generator<[string, string]> {
  let inside = false;
  for (const line of markdown.split("\n")) {
    const cells = line.startsWith("|")
      ? line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim())
      : [];
    if (cells.length === 0) inside = false;
    else if (cells[0] === "room" && cells[1] === "may import") inside = true;
    else if (inside && !/^[-: ]+$/.test(cells[0] ?? "")) yield [cells[0] ?? "", cells[1] ?? ""];
  }
}
