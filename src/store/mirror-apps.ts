// The apps in memory, by id and by name.
import type { App } from "../domain/app.ts";
import type { Table } from "../domain/store.ts";

export class MirrorApps implements Table<App> {
  readonly #rows = new Map<string, App>();
  /** Lower-case name → id, of apps that are not deleted. */
  readonly #ids = new Map<string, string>();

  get size(): number {
    return this.#rows.size;
  }
  get(id: string): App | undefined {
    return this.#rows.get(id);
  }
  all(): Iterable<App> {
    return this.#rows.values();
  }
  byName(name: string): App | undefined {
    const id = this.#ids.get(name.toLowerCase());
    return id === undefined ? undefined : this.#rows.get(id);
  }

  put(app: App): void {
    this.#forgetName(app.id);
    this.#rows.set(app.id, app);
    if (app.deletedAt === null) this.#ids.set(app.name.toLowerCase(), app.id);
  }

  remove(id: string): void {
    this.#forgetName(id);
    this.#rows.delete(id);
  }

  #forgetName(id: string): void {
    const name = this.#rows.get(id)?.name.toLowerCase();
    if (name !== undefined && this.#ids.get(name) === id) this.#ids.delete(name);
  }
}
