// Which packages do, when they are installed, nothing but fetch or compile what is their own.

const SCRIPTS = ["preinstall", "install", "postinstall"];
/** Build native code, or fetch it built. */
const BUILDERS =
  /^(?:node-gyp|node-gyp-build|node-gyp-build-optional-packages|prebuild-install|node-pre-gyp|cmake-js|napi-postinstall|exit|true|echo)\b[^;&|`$<>]*$/;
/** Their scripts were read: they check or fetch a binary of their own, or print something. */
const KNOWN = new Set(
  [
    "esbuild sharp @swc/core @parcel/watcher lmdb msgpackr-extract unrs-resolver lightningcss @tailwindcss/oxide @biomejs/biome",
    "bcrypt argon2 better-sqlite3 sqlite3 canvas ssh2 cpu-features bufferutil utf-8-validate re2 snappy zeromq fsevents",
    "core-js core-js-pure core-js-bundle es5-ext styled-components @nestjs/core nodemon vue-demi protobufjs ejs",
  ].flatMap((line) => line.split(" ")),
);

/** `text` is a package's package.json. False also where it can't be read: then nothing is known. */
export function isSelfContained(text: string): boolean {
  try {
    const { name, scripts } = JSON.parse(text) as { name?: unknown; scripts?: Record<string, unknown> };
    if (scripts == null || KNOWN.has(String(name))) return true;
    return SCRIPTS.every((each) => scripts[each] === undefined || onlyBuilds(String(scripts[each])));
  } catch {
    return false;
  }
}

const onlyBuilds = (script: string): boolean =>
  script.split(/\|\||&&/).every((part) => BUILDERS.test(part.trim()));
