// All rows in memory: reads never wait.
import type { Deployment } from "../domain/deployment.ts";
import type { Instance } from "../domain/instance.ts";
import type { Release } from "../domain/release.ts";
import type { Batch } from "../domain/store.ts";
import { putsOf, removesOf } from "./change.ts";
import { MirrorApps } from "./mirror-apps.ts";
import { MirrorExecutions } from "./mirror-executions.ts";
import { MirrorTable } from "./mirror-table.ts";
import { KINDS, type Kind, MIRRORED, type Rows } from "./schema.ts";
import { TABLES } from "./tables/all-tables.ts";

export class Mirror {
  readonly apps = new MirrorApps();
  readonly releases = new MirrorTable<Release>(TABLES.releases.bornAt);
  readonly instances = new MirrorTable<Instance>(TABLES.instances.bornAt);
  readonly deployments = new MirrorTable<Deployment>(TABLES.deployments.bornAt);
  readonly executions = new MirrorExecutions();
  readonly meta = new Map<string, string>();

  /** Shows the batch as the database stores it: removes first, then puts. */
  apply(batch: Batch): void {
    for (const kind of KINDS.toReversed()) for (const id of removesOf(batch, kind)) this.remove(kind, id);
    for (const kind of KINDS) for (const row of putsOf(batch, kind)) this.put(kind, row);
  }

  /** Takes over all rows of the other, in the same tables: they are in others' hands. */
  become(other: Mirror): void {
    for (const kind of MIRRORED) {
      for (const row of [...this[kind].all()]) if (!other[kind].get(row.id)) this[kind].remove(row.id);
      for (const row of other[kind].all()) this.put(kind, row);
    }
    this.executions.become(other.executions);
  }

  put<K extends Kind>(kind: K, row: Rows[K]): void {
    this.#tables()[kind].put(row);
  }

  /** With the row goes what belongs to it: all of an app, the ended instances of a release. */
  remove(kind: Kind, id: string): void {
    if (kind === "apps") {
      for (const owned of [this.instances, this.deployments, this.releases])
        for (const row of owned.ofApp(id)) owned.remove(row.id);
      this.executions.removeOf(id);
    }
    const release = kind === "releases" ? this.releases.get(id) : undefined;
    if (release)
      for (const instance of this.instances.ofApp(release.appId))
        if (instance.releaseId === id && instance.endedAt !== null) this.instances.remove(instance.id);
    this[kind].remove(id);
  }

  #tables(): { [K in Kind]: Puts<Rows[K]> } {
    return this;
  }
}

/** The part of a table's type in which kind and row belong together. */
interface Puts<Row> {
  put(row: Row): void;
}
