// Everything that a store shows, to be compared.
import type { Store } from "../../src/domain/store.ts";

export function snapshot(store: Store): Record<string, unknown[]> {
  const rows = <Row extends { id: string }>(table: { all(): Iterable<Row> }): Row[] =>
    [...table.all()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const apps = rows(store.apps);
  return {
    apps,
    releases: rows(store.releases),
    instances: rows(store.instances),
    deployments: rows(store.deployments),
    ofApp: apps.map(({ id, name }) => ({
      id,
      byName: store.apps.byName(name)?.id,
      releases: store.releases.ofApp(id).map((row) => row.id),
      instances: store.instances.ofApp(id).map((row) => row.id),
      deployments: store.deployments.ofApp(id).map((row) => row.id),
    })),
  };
}
