// Tells when code in a folder changed, and leaves out what apps write themselves.
import { basename, extname } from "node:path";
import { watch } from "chokidar";

const CODE = new Set(
  ".py .pyi .js .mjs .cjs .jsx .ts .mts .cts .tsx .json .html .htm .css .scss .vue .svelte .yaml .yml .toml .ini .cfg .go .rs .rb .php .java .kt .sh .sql .jinja .jinja2 .j2 .tmpl .ejs .hbs .pug .graphql .proto".split(
    " ",
  ),
);
const CODE_NAMES = new Set(["Procfile", "Pipfile", "requirements.txt", "go.mod", "Gemfile"]);
const NEVER = new Set([
  "node_modules",
  "__pycache__",
  "venv",
  "env",
  "dist",
  "build",
  "target",
  "coverage",
  "data",
  "logs",
  "tmp",
]);
/** Editors write a file in several steps, and many files at once. */
const CALM_MS = 150;

/** Calls `changed` with the paths of changed code files, once for all that change together. Returns the undo. */
export function watchFolder(dir: string, changed: (files: string[]) => void): () => void {
  const files = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dir, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path, stats) => path !== dir && isIgnored(path, stats?.isFile() ?? false),
  });
  watcher.on("all", (_event, path) => {
    files.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      changed([...files]);
      files.clear();
    }, CALM_MS);
  });
  return () => {
    clearTimeout(timer);
    void watcher.close();
  };
}

function isIgnored(path: string, isFile: boolean): boolean {
  const name = basename(path);
  if (name.startsWith(".") || NEVER.has(name)) return true;
  return isFile && !CODE.has(extname(name).toLowerCase()) && !CODE_NAMES.has(name);
}
