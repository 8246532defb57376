// Words like `health.path=/h` → the body of a PATCH, in the keys of gantry.yaml. Values go as they were typed: the daemon reads them
// by its one table of keys, as it reads gantry.yaml.
import { Failure } from "./failure.ts";
import { keyValue } from "./key-value.ts";

type Patch = { [key: string]: string | null | Patch };

/** An empty value is null: back to the default. Throws `usage` for what is no key=value, or given twice. */
export function settingsPatch(pairs: string[]): Patch {
  const patch: Patch = {};
  for (const pair of pairs) {
    const [path, text] = keyValue(pair);
    const [first = "", ...others] = path.split(".");
    const keys = first === "env" ? [first, others.join(".")] : [first, ...others];
    put(patch, keys, text === "" ? null : text, pair);
  }
  return patch;
}

function put(patch: Patch, [key = "", ...rest]: string[], value: Patch[string], pair: string): void {
  const bad = key === "" || key === "__proto__" || (rest.length === 0 && Object.hasOwn(patch, key));
  const inner = Object.hasOwn(patch, key) ? patch[key] : undefined;
  if (bad || (rest.length > 0 && inner !== undefined && !isPatch(inner))) {
    const what = key === "" || key === "__proto__" ? "is no setting" : "is given twice";
    throw new Failure("usage", `${JSON.stringify(pair)} ${what}`, { code: "invalid-argument", field: key });
  }
  if (rest.length === 0) patch[key] = value;
  else {
    const next: Patch = inner === undefined ? {} : (inner as Patch);
    patch[key] = next;
    put(next, rest, value, pair);
  }
}

const isPatch = (value: Patch[string] | undefined): value is Patch =>
  typeof value === "object" && value !== null;
