// The servers and tools that command lines name: what they are installed as, and how they are told host and port.

export interface Tool {
  /** What must be installed for it; null when it comes with the project or with Python. */
  distribution: string | null;
  /** It serves: its port will open. */
  serves: boolean;
  /** Adds host and port where the line has none. `words` begin behind the tool's name. */
  complete?: (words: string[]) => string[];
}

const has = (words: string[], ...names: string[]): boolean =>
  words.some((word) =>
    names.some((name) =>
      name.startsWith("--")
        ? word === name || word.startsWith(`${name}=`)
        : word === name || (word.startsWith(name) && !word.startsWith("--")),
    ),
  );

const hostAndPort =
  (host: string[], port: string[], ...instead: string[]) =>
  (words: string[]): string[] => {
    if (instead.length > 0 && has(words, ...instead)) return words;
    const added: string[] = [];
    if (!has(words, ...host)) added.push(host[0] ?? "--host", "$HOST");
    if (!has(words, ...port)) added.push(port[0] ?? "--port", "$PORT");
    return [...words, ...added];
  };

const bind =
  (...names: string[]) =>
  (words: string[]): string[] =>
    has(words, ...names) ? words : [...words, names[0] ?? "--bind", "$HOST:$PORT"];

/** Only with the subcommand that serves. */
const sub =
  (names: string[], complete: (words: string[]) => string[]) =>
  (words: string[]): string[] =>
    words.some((word) => names.includes(word)) ? complete(words) : words;

const runserver = (words: string[]): string[] => {
  const at = words.indexOf("runserver");
  const given = words.slice(at + 1).some((word) => /^(?:[\w.[\]:${}-]*:)?(?:\d+|\$\{?PORT\}?)$/.test(word));
  return at === -1 || given ? words : [...words, "$HOST:$PORT"];
};

const streamlit = (words: string[]): string[] => {
  if (words[0] !== "run") return words;
  const at = words.indexOf("--");
  const [own, rest] = at === -1 ? [words, []] : [words.slice(0, at), words.slice(at)];
  const completed = hostAndPort(["--server.address"], ["--server.port"])(own);
  if (!has(completed, "--server.headless")) completed.push("--server.headless", "true");
  return [...completed, ...rest];
};

/** Its options come before the application. */
const waitress = (words: string[]): string[] =>
  has(words, "--listen", "--port", "--unix-socket") ? words : ["--listen=$HOST:$PORT", ...words];

/** By the name of the program or of the module behind `python -m`. */
export const TOOLS: Record<string, Tool> = {
  uvicorn: {
    distribution: "uvicorn",
    serves: true,
    complete: hostAndPort(["--host"], ["--port"], "--uds", "--fd"),
  },
  gunicorn: { distribution: "gunicorn", serves: true, complete: bind("--bind", "-b") },
  hypercorn: { distribution: "hypercorn", serves: true, complete: bind("--bind", "-b") },
  daphne: {
    distribution: "daphne",
    serves: true,
    complete: hostAndPort(["-b", "--bind"], ["-p", "--port"], "-u", "-e"),
  },
  granian: { distribution: "granian", serves: true, complete: hostAndPort(["--host"], ["--port"]) },
  waitress: { distribution: "waitress", serves: true, complete: waitress },
  uwsgi: { distribution: "uwsgi", serves: true, complete: bind("--http", "--http-socket", "--socket", "-s") },
  flask: {
    distribution: null,
    serves: true,
    complete: sub(["run"], hostAndPort(["--host", "-h"], ["--port", "-p"])),
  },
  quart: {
    distribution: null,
    serves: true,
    complete: sub(["run"], hostAndPort(["--host", "-h"], ["--port", "-p"])),
  },
  litestar: {
    distribution: null,
    serves: true,
    complete: sub(["run"], hostAndPort(["--host", "-H"], ["--port", "-p"])),
  },
  sanic: { distribution: null, serves: true, complete: hostAndPort(["--host", "-H"], ["--port", "-p"]) },
  fastapi: {
    distribution: "fastapi[standard]",
    serves: true,
    complete: sub(["run", "dev"], hostAndPort(["--host"], ["--port"])),
  },
  django: { distribution: null, serves: true, complete: runserver },
  "django-admin": { distribution: null, serves: true, complete: runserver },
  streamlit: { distribution: "streamlit", serves: true, complete: streamlit },
  "http.server": {
    distribution: null,
    serves: true,
    complete: (words) => {
      const bound = has(words, "--bind", "-b") ? words : [...words, "--bind", "$HOST"];
      return bound.some((word) => /^(?:\d+|\$\{?PORT\}?)$/.test(word)) ? bound : ["$PORT", ...bound];
    },
  },
  mkdocs: { distribution: "mkdocs", serves: true, complete: sub(["serve"], bind("--dev-addr", "-a")) },
  celery: { distribution: null, serves: false },
  rq: { distribution: null, serves: false },
  dramatiq: { distribution: null, serves: false },
  pytest: { distribution: null, serves: false },
  alembic: { distribution: null, serves: false },
};

/** Programs whose module has another name. */
const MODULES: Record<string, string> = { "waitress-serve": "waitress", "django-admin": "django" };

/** A command line of the Python world, taken apart. */
export interface PythonLine {
  /** `python` itself, the name of a tool, or null for any other program. */
  tool: Tool | null;
  name: string | null;
  /** The words up to and with the tool's name; the rest are its own. */
  head: string[];
  rest: string[];
  /** The script, for `python script.py`. */
  script: string | null;
}

const WRAPPERS = new Set(["poetry", "uv", "pipenv", "pdm", "hatch", "rye"]);

/** Reads the words of a command line; null when its program is none that belongs to Python. */
export function readLine(words: string[]): PythonLine | null {
  if (WRAPPERS.has(words[0] ?? "") && words[1] === "run") {
    const inner = words.slice(2);
    while (inner[0]?.startsWith("--")) inner.shift();
    return /\.py$/.test(inner[0] ?? "") ? readLine(["python", ...inner]) : (readLine(inner) ?? plain(inner));
  }
  const program = (words[0] ?? "").split("/").at(-1) ?? "";
  if (/^python(?:3(?:\.\d+)?)?$/.test(program)) return readPython(words);
  if (program === "manage.py") return readPython(["python", ...words]);
  const name = MODULES[program] ?? program;
  const tool = TOOLS[name];
  return tool ? { tool, name, head: [words[0] ?? ""], rest: words.slice(1), script: null } : null;
}

const plain = (words: string[]): PythonLine => ({
  tool: null,
  name: null,
  head: words,
  rest: [],
  script: null,
});

function readPython(words: string[]): PythonLine {
  let at = 1;
  while (at < words.length && /^-[^mc]/.test(words[at] ?? "")) at += /^-[WX]$/.test(words[at] ?? "") ? 2 : 1;
  if (words[at] === "-m") {
    const name = words[at + 1] ?? "";
    const tool = TOOLS[name] ?? null;
    return {
      tool,
      name: tool ? name : null,
      head: words.slice(0, at + 2),
      rest: words.slice(at + 2),
      script: null,
    };
  }
  const script = words[at]?.endsWith(".py") ? (words[at] ?? null) : null;
  if (script?.split("/").at(-1) === "manage.py")
    return {
      tool: manage(words.slice(at + 1)),
      name: "django",
      head: words.slice(0, at + 1),
      rest: words.slice(at + 1),
      script,
    };
  return { tool: null, name: null, head: words, rest: [], script };
}

const manage = (words: string[]): Tool | null => (words[0] === "runserver" ? (TOOLS.django ?? null) : null);

/** The words with host and port added where they are missing. */
export function completeLine(line: PythonLine): string[] {
  return [...line.head, ...(line.tool?.complete?.(line.rest) ?? line.rest)];
}
