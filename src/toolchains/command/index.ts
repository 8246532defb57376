// The command toolchain: what the owner says is run as it is; a few other languages are known by their files.
import { delimiter, join } from "node:path";
import { splitWords } from "../../domain/split-words.ts";
import type { Build, BuildOrder, Detection, Hints, Toolchain } from "../../domain/toolchain.ts";
import { buildFailed } from "../build-step.ts";
import { findProgram } from "../find-program.ts";
import { isFile } from "../folder.ts";
import { ownerArgv, ownerCommand } from "../owner-command.ts";
import { personalPath } from "../tool-env.ts";

/** A file that tells the language, and the usual way to run it. */
const LANGUAGES: { file: string; framework: string; run: string; listens: Detection["listens"] }[] = [
  { file: "main.go", framework: "go", run: "go run .", listens: "optional" },
  { file: "Cargo.toml", framework: "rust", run: "cargo run --release", listens: "optional" },
  { file: "deno.json", framework: "deno", run: "deno task start", listens: "optional" },
  { file: "config.ru", framework: "rack", run: "bundle exec rackup -o $HOST -p $PORT", listens: "required" },
  { file: "public/index.php", framework: "php", run: "php -S $HOST:$PORT -t public", listens: "required" },
  { file: "index.php", framework: "php", run: "php -S $HOST:$PORT", listens: "required" },
];

export const createCommand = (): Toolchain => ({ name: "command", detect, build });

async function detect(dir: string, hints: Hints): Promise<Detection | null> {
  const found = { toolchain: "command" as const, framework: null, entry: null, check: null };
  const owner = await ownerCommand(dir, hints);
  if (owner) {
    const listens = /\$\{?PORT\b/.test(owner.text) ? "required" : "optional";
    return { ...found, run: owner.text, listens, evidence: owner.evidence, confidence: 0.5 };
  }
  if (hints.entry !== null) return null;
  for (const { file, ...language } of LANGUAGES) {
    if (!(await isFile(join(dir, file)))) continue;
    return { ...found, ...language, evidence: [file], confidence: 0.6 };
  }
  return null;
}

async function build(order: BuildOrder): Promise<Build> {
  const owner = await ownerCommand(order.dir, order.hints);
  const argv = owner ? ownerArgv(owner, order) : [...splitWords(order.detection.run ?? ""), ...order.args];
  const path = [join(order.dir, "node_modules/.bin"), personalPath()].join(delimiter);
  const [first = "", ...rest] = argv;
  const program = await findProgram(first, path, order.dir);
  if (program === null) throw buildFailed(whyNoProgram(first));
  return { argv: [program, ...rest], env: { ...owner?.env, PATH: path }, staticRoot: null, reused: true };
}

const whyNoProgram = (name: string): string =>
  name.includes("/")
    ? `${name} does not exist or may not be executed`
    : `the program ${name} was not found on this machine`;
