// Reads one hook: a command line, or a mapping of run, timeout and shell.
import { HOOK_TIMEOUT_MS, type Hook } from "./hook.ts";
import { at, type Input, type Place, refuse } from "./manifest-input.ts";
import { mapping, type Reader, text, truth, unknownKey } from "./manifest-read.ts";
import { duration } from "./manifest-values.ts";
import { splitWords } from "./split-words.ts";

const DAY = 86_400_000;
const timeout = duration(1, DAY);

/** A line that needs a shell and has none is refused where it stands. */
export const hookReader: Reader<Hook> = {
  schema: {
    anyOf: [
      text.schema,
      {
        type: "object",
        properties: { run: text.schema, timeout: timeout.schema, shell: truth.schema },
        required: ["run"],
        additionalProperties: false,
      },
    ],
  },
  read(input, reading) {
    if (input.type === "scalar") {
      const run = text.read(input, reading).trim();
      return checkedHook({ run, timeoutMs: HOOK_TIMEOUT_MS, shell: false }, input.place);
    }
    const hook: Hook = { run: "", timeoutMs: HOOK_TIMEOUT_MS, shell: false };
    let place = input.place;
    for (const { key, keyPlace, value } of mapping(input, "run, timeout, shell").entries) {
      if (key === "run") {
        hook.run = text.read(value, reading).trim();
        place = value.place;
      } else if (key === "shell") hook.shell = truth.read(value, reading);
      else if (key === "timeout") hook.timeoutMs = timeout.read(value, reading);
      else if (key === "timeoutMs") hook.timeoutMs = timeout.read(inMilliseconds(value), reading);
      else throw unknownKey(keyPlace, key, ["run", "timeout", "shell"]);
    }
    if (hook.run === "") throw refuse(input.place, "run is missing", "Say what it runs.");
    return checkedHook(hook, place);
  },
};

/** As the API shows it: `timeoutMs: 60000`. */
const inMilliseconds = (value: Input): Input =>
  value.type === "scalar" && value.kind === "number"
    ? { ...value, text: `${value.text}ms`, kind: "text" }
    : value;

function checkedHook(hook: Hook, place: Place): Hook {
  if (!hook.shell && at(place, () => splitWords(hook.run)).length === 0) throw refuse(place, "it is empty");
  return hook;
}
