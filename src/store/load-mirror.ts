// Fills the mirror from the database; rows that can't be read are set aside instead of stopping everything.
import type { Backend } from "./backend.ts";
import { Mirror } from "./mirror.ts";
import { MIRRORED, type MirroredKind, type Queries, type Rows } from "./schema.ts";
import { TABLES } from "./tables/all-tables.ts";
import { decisiveExecutions } from "./tables/executions.ts";

/** A row that could not be read. */
export interface Flaw {
  kind: MirroredKind;
  id: string;
  reason: string;
  /** The row as the last good copy has it: it is used instead. */
  rescued: Rows[MirroredKind] | null;
}

type Rescue = (kind: MirroredKind, id: string) => string | null;

/** Reads everything. The flaws are the rows that could not be read as they are in the database. */
export async function loadMirror(
  db: Queries,
  rescue: Rescue = () => null,
): Promise<{ mirror: Mirror; flaws: Flaw[] }> {
  const mirror = new Mirror();
  const flaws: Flaw[] = [];
  for (const kind of MIRRORED) flaws.push(...(await loadKind(db, mirror, kind, rescue)));
  for (const row of await decisiveExecutions(db, mirror.apps.all())) mirror.executions.put(row);
  for (const { key, value } of await db.selectFrom("meta").selectAll().execute()) mirror.meta.set(key, value);
  return { mirror, flaws };
}

async function loadKind<K extends MirroredKind>(
  db: Queries,
  mirror: Mirror,
  kind: K,
  rescue: Rescue,
): Promise<Flaw[]> {
  const flaws: Flaw[] = [];
  const rows: Rows[K][] = [];
  for (const { id, doc } of await docs(db, kind)) {
    const row = readRow(kind, id, doc, mirror);
    if (typeof row !== "string") rows.push(row);
    else {
      const spare = readRow(kind, id, rescue(kind, id) ?? "", mirror);
      const rescued = typeof spare === "string" ? null : spare;
      if (rescued) rows.push(rescued);
      flaws.push({ kind, id, reason: row, rescued });
    }
  }
  rows.sort((a, b) => TABLES[kind].bornAt(a) - TABLES[kind].bornAt(b) || (a.id < b.id ? -1 : 1));
  for (const row of rows) mirror.put(kind, row);
  return flaws;
}

/** The row, or why it is none. */
function readRow<K extends MirroredKind>(kind: K, id: string, doc: string, mirror: Mirror): Rows[K] | string {
  let row: unknown;
  try {
    row = JSON.parse(doc);
  } catch {
    return "it is not valid JSON";
  }
  if (typeof row !== "object" || row === null) return "it is not an object";
  const fields = row as Record<string, unknown>;
  for (const [field, type] of Object.entries(TABLES[kind].needs))
    if (typeof fields[field] !== type || fields[field] === null) return `its ${field} is missing or wrong`;
  if (fields.id !== id) return "its id is another one";
  if (kind !== "apps" && !mirror.apps.get(String(fields.appId))) return "its app could not be read";
  if (kind === "instances" && !mirror.releases.get(String(fields.releaseId)))
    return "its release could not be read";
  return row as Rows[K];
}

/** Copies the rows to a table of their own, where nothing is lost, and puts the rescued ones in their place. */
export async function setAside(backend: Backend, flaws: readonly Flaw[], at: number): Promise<void> {
  await backend.writer.transaction().execute(async (db) => {
    // Children first: what goes with its parent has been copied by then.
    for (const { kind, id, reason, rescued } of flaws.toReversed()) {
      const [row] = await docs(db, kind, id);
      if (!row) continue;
      await db.insertInto("set_aside").values({ kind, id, doc: row.doc, reason, at }).execute();
      if (!rescued) await TABLES[kind].remove(db, [id]);
    }
    for (const { kind, rescued } of flaws) if (rescued) await putBack(db, kind, rescued);
  });
}

const putBack = <K extends MirroredKind>(db: Queries, kind: K, row: Rows[MirroredKind]): Promise<unknown> =>
  TABLES[kind].put(db, [row as Rows[K]]);

function docs(db: Queries, kind: MirroredKind, id?: string): Promise<{ id: string; doc: string }[]> {
  const select = db.selectFrom(kind as "apps").select(["id", "doc"]);
  return (id === undefined ? select : select.where("id", "=", id)).execute();
}
