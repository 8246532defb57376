// The real parts that keep code and secrets, in a home of a test.
import { join } from "node:path";
import type { Context } from "../../src/context.ts";
import { GantryError } from "../../src/domain/errors.ts";
import { holdersOfSealed } from "../../src/domain/sealed.ts";
import { createSealer } from "../../src/lib/sealer.ts";
import { createCodeStore } from "../../src/sources/code-store/code-store.ts";
import { createSources } from "../../src/sources/index.ts";

export const keptCode = (
  home: string,
  store?: () => Context["store"],
): Pick<Context, "sources" | "code" | "sealer"> => ({
  sources: createSources({ home, templates: join(home, "no-templates") }),
  code: createCodeStore({ home }),
  sealer: createSealer({
    keyFile: join(home, "key"),
    holders: () => (store === undefined ? [] : holdersOfSealed(store())),
    refuse: (reason) => new GantryError("key-unavailable", { reason }),
  }),
});
