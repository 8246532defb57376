import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configDefaults } from "./config-patch.ts";
import { GantryError } from "./errors.ts";
import { importApps } from "./import-apps.ts";
import { parseComposePorts } from "./import-compose.ts";
import { parseSettings } from "./settings.ts";

const defaults = configDefaults(parseSettings("/home", {}));
const read = (text: string, file: string) => importApps(text, file, defaults);
const brief = (text: string, file: string) =>
  read(text, file).drafts.map(({ name, path, config, enabled }) => ({ name, path, config, enabled }));

function refusal(text: string, file: string): GantryError {
  try {
    read(text, file);
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("apps.yaml", () => {
  const app = {
    path: "/srv/blog",
    enabled: false,
    config: {
      entry: "app.main:app",
      host: "0.0.0.0",
      port: 8001,
      args: ["--reload", "--log-level", "debug"],
    },
  };

  it.each([
    [
      "a list under apps",
      "apps:\n  - { name: blog, path: /srv/blog, entry: app.main:app, host: 0.0.0.0, port: 8001, args: --reload --log-level debug, enabled: false }",
    ],
    [
      "a list",
      "- { name: blog, path: /srv/blog, entry: app.main:app, host: 0.0.0.0, port: '8001', args: [--reload, --log-level, debug], enabled: false }",
    ],
    [
      "a map",
      "blog: { path: /srv/blog, entry: 'app.main:app', host: 0.0.0.0, port: 8001, args: --reload --log-level debug, enabled: false }",
    ],
    [
      "a map under apps",
      "apps: { blog: { path: /srv/blog, entry: app.main:app, host: 0.0.0.0, port: 8001, args: --reload --log-level debug, enabled: false } }",
    ],
  ])("reads %s", (_, text) => {
    expect(brief(text, "config/apps.yaml")).toEqual([{ name: "blog", ...app }]);
  });

  it("makes names usable and says so", () => {
    const { drafts, warnings } = read(
      "- { name: My Blog, path: /x, entry: main:app, colour: red, created_at: 1 }",
      "apps.yaml",
    );
    expect(drafts[0]?.name).toBe("my-blog");
    expect(warnings).toEqual(['"My Blog": the key "colour" is left out', '"My Blog" is called my-blog here']);
  });

  it.each([
    ["- { path: /x }", "no name"],
    ["- { name: a, path: /x, port: 80abc }", 'apps.yaml:1:3: "80abc" can\'t be a port'],
    ["- { name: a, entry: 'main:app; id' }", "no entry"],
    ["- { name: a }\n- { name: A }", "two apps"],
    ["text", "list or a mapping"],
    ["- 5", "mapping"],
    ["a: 5", "mapping"],
    ["- { name: a, env: [1] }", "mapping"],
  ])("%s is refused", (text, part) => {
    expect(refusal(text, "apps.yaml").message).toContain(part);
  });
});

describe("Procfile", () => {
  it("reads processes and uses a shell only where one is needed", () => {
    const { drafts, warnings } = read(
      "# c\nweb: gunicorn app:app --bind 0.0.0.0:$PORT\nworker_1: A=1 python w.py && echo done\nrelease: ./migrate\n",
      "Procfile",
    );
    expect(drafts.map(({ name, config }) => [name, config])).toEqual([
      ["web", { run: "gunicorn app:app --bind 0.0.0.0:$PORT" }],
      ["worker-1", { run: "A=1 python w.py && echo done", shell: true }],
    ]);
    expect(warnings).toHaveLength(3);
  });

  it("leaves the name of a single process to its folder", () => {
    expect(brief("web: node a.js\r\n", "/x/Procfile")).toMatchObject([
      { name: null, path: ".", config: { run: "node a.js" } },
    ]);
  });

  it("names the line", () => {
    expect(refusal("web: a\nnonsense", "Procfile").message).toContain("Procfile:2:1");
  });
});

describe("PM2", () => {
  it("reads JavaScript as data", () => {
    const text = `// comment
const unused = require("x");
module.exports = {
  apps: [{
    name: 'api_server', /* inner */ script: "./server.js", args: ['--a', "b c",], cwd: \`/srv/api\`,
    node_args: "--max-old-space-size=200", instances: 2, exec_mode: "cluster", watch: ["src"],
    env: { NODE_ENV: "production", PORT: 3000, "X-Y": undefined, ESC: 'a\\n\\u0041\\x42' }, autorestart: true, max_restarts: 5, restart_delay: 1_000,
    kill_timeout: 3000, max_memory_restart: "300M",
  }, { script: "npm", args: "run start" }, { name: "py", script: "w.py", interpreter: "none" }],
};`;
    const broken = refusal(text, "ecosystem.config.js");
    expect(broken.message).toContain('"X-Y" can\'t be the name of a variable');
    const { drafts, warnings } = read(text.replace('"X-Y": undefined, ', ""), "ecosystem.config.js");
    expect(drafts.map(({ name, path, config }) => ({ name, path, config }))).toEqual([
      {
        name: "api-server",
        path: "/srv/api",
        config: {
          run: "node --max-old-space-size=200 ./server.js --a 'b c'",
          env: { NODE_ENV: "production", ESC: "a\nAB" },
          port: 3000,
          replicas: { min: 2, max: 2 },
          watch: true,
          restart: { ...defaults.restart, policy: "always", max: 5, delayMs: 1_000 },
          stop: { signal: "TERM", timeoutMs: 3_000 },
        },
      },
      { name: "npm", path: ".", config: { run: "npm run start" } },
      { name: "py", path: ".", config: { run: "w.py" } },
    ]);
    expect(warnings).toContain('"api_server": "max_memory_restart" is left out');
  });

  it("reads JSON", () => {
    expect(
      brief('{"apps": [{"name": "a", "script": "a.py", "instances": "max"}]}', "ecosystem.json"),
    ).toMatchObject([{ name: "a", config: { run: "python3 a.py", replicas: { min: 1, max: 1 } } }]);
  });

  it.each([
    ["module.exports = { apps: [{ script: path.join(__dirname, 'a.js') }] }", ":1:37"],
    ["module.exports = { apps: [{ script: 'a' + 'b' }] }", "computed"],
    ["module.exports = { apps: [{ script: `a$\u007b1}` }] }", "computed"],
    ["module.exports = { apps: makeApps() }", "computed"],
    ["module.exports = { ...base }", "computed"],
    ["module.exports = { apps: [{ script() {} }] }", "computed"],
    ["module.exports = { apps: [{ name: 'a' }] }", "no script"],
    ["module.exports = { apps: [{ script: 'a.js' ", "computed"],
    ["console.log(1)", "exports no literal"],
    [`module.exports = ${"[".repeat(1000)}`, "too deeply"],
  ])("%.60s is refused", (text, part) => {
    expect(refusal(text, "ecosystem.config.js").message).toContain(part);
  });

  it("executes nothing", () => {
    const mark = globalThis as { ran?: boolean };
    expect(() =>
      read(
        "globalThis.ran = true; module.exports = { apps: [(() => { globalThis.ran = true })()] }",
        "e.config.js",
      ),
    ).toThrow(GantryError);
    expect(mark.ran).toBeUndefined();
  });
});

describe("supervisord", () => {
  it("reads programs", () => {
    const { drafts, warnings } = read(
      `[supervisord]
logfile=/tmp/x
[program:web]
command=/usr/bin/python3 -m app
  --port %(ENV_PORT)s ; comment
[program:worker]
command = worker %(program_name)s 100%%
directory = %(here)s/work
environment = A="1,2",B='x "y"',C=plain
autorestart=unexpected
autostart = false
startretries=4
stopsignal=INT
stopwaitsecs=7
numprocs=2
user=nobody
stdout_logfile=/var/log/x
[group:x]
programs=web
`.replace("%(ENV_PORT)s", "$PORT"),
      "supervisord.conf",
    );
    expect(drafts.map(({ name, path, config }) => ({ name, path, config }))).toEqual([
      { name: "web", path: ".", config: { run: "/usr/bin/python3 -m app --port $PORT" } },
      {
        name: "worker",
        path: "./work",
        config: {
          run: "worker worker 100%",
          env: { A: "1,2", B: 'x "y"', C: "plain" },
          restart: { ...defaults.restart, policy: "on-failure", max: 4 },
          stop: { signal: "INT", timeoutMs: 7_000 },
          replicas: { min: 2, max: 2 },
        },
      },
    ]);
    expect(warnings).toEqual([
      "worker: autostart=false is left out; gantry stop worker keeps it stopped",
      "worker: user is left out",
    ]);
  });

  it.each([
    ["[program:a]\nx", ":2:1"],
    ["a=b", ":1:1"],
    ["[program:a]\ndirectory=/x", "no command"],
    ["[program:a]\ncommand=x %(ENV_HOME)s", "can't be known"],
    ["[program:a]\ncommand=x\nenvironment=1", "KEY="],
    ["[program:a]\ncommand=x\nstopwaitsecs=soon", "no duration"],
    ["[program:a]\ncommand=x\nnumprocs=many", "whole number"],
  ])("%j is refused", (text, part) => {
    expect(refusal(text, "a.conf").message).toContain(part);
  });
});

describe("compose", () => {
  it("finds published ports", () => {
    const text = `
x-base: &base { ports: ["7000:70"] }
services:
  merged: { <<: *base }
  web:
    ports:
      - "8080:80"
      - 22:22
      - "127.0.0.1:8081:80"
      - "[::1]:8082:80"
      - "3000-3002:3000-3002"
      - "6060:6060/udp"
      - "80"
      - 9000
      - "127.0.0.1::80"
      - "\${DB_PORT:-5432}:5432"
      - "\${UNSET}:1"
      - "\${SET}:1"
      - { target: 80, published: 8090, protocol: tcp }
      - { target: 80, published: "8091-8092", host_ip: 127.0.0.1 }
      - { target: 80 }
      - { target: 53, published: "\${DNS-53}", protocol: udp }
  none: {}
  reset: !reset null
`;
    const found = parseComposePorts(text, "compose.yaml", { SET: "4000" }).map(
      ({ service, hostPort, protocol }) => `${service} ${hostPort} ${protocol}`,
    );
    expect(found).toEqual([
      "merged 7000 tcp",
      "web 8080 tcp",
      "web 22 tcp",
      "web 8081 tcp",
      "web 8082 tcp",
      "web 3000 tcp",
      "web 3001 tcp",
      "web 3002 tcp",
      "web 6060 udp",
      "web 5432 tcp",
      "web 4000 tcp",
      "web 8090 tcp",
      "web 8091 tcp",
      "web 8092 tcp",
      "web 53 udp",
    ]);
  });

  it("says what is not built, per service", () => {
    const { drafts, warnings } = read(
      "services: { db: { image: postgres, ports: ['5432:5432'] }, cache: {} }",
      "docker-compose.yml",
    );
    expect(drafts).toEqual([]);
    expect(warnings).toEqual([
      'The service "db" (it publishes 5432): compose services are not part of this version',
      'The service "cache": compose services are not part of this version',
    ]);
  });

  it.each([
    "services: [1]",
    "- a",
    "services: { a: { ports: ['x:y'] } }",
    "services: { a: { ports: ['70000:1'] } }",
    "services: { a: { ports: ['9-8:1'] } }",
    "services: { a: { ports: [[1]] } }",
  ])("%s is refused", (text) => {
    expect(() => parseComposePorts(text)).toThrow(GantryError);
  });
});

it("chooses by name, then by content", () => {
  expect(brief("run: node a.js", "gantry.yaml")).toHaveLength(1);
  expect(brief("run: node a.js", "other.yaml")).toHaveLength(1);
  expect(brief('{"apps": [{"script": "a.js"}]}', "x.json")[0]?.config.run).toBe("node a.js");
  expect(read("services: {}", "stack.yml")).toEqual({ drafts: [], warnings: [] });
  expect(refusal("x", "notes.txt").message).toContain("format");
});

it("fails only on purpose, whatever the file", () => {
  const fragment = fc.constantFrom(
    "apps",
    "name",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "\n",
    "web",
    "module.exports=",
    "'",
    '"',
    "`",
    "${",
    "script",
    ",",
    "=",
    "[program:a]\n",
    "command",
    "%(",
    ")s",
    "services",
    "ports",
    "1",
    ":",
    "\\u",
    "/*",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(fragment, { maxLength: 25 }).map((parts) => parts.join("")),
  );
  const file = fc.constantFrom("apps.yaml", "Procfile", "e.config.js", "a.conf", "compose.yaml", "x.json");
  fc.assert(
    fc.property(text, file, (source, name) => {
      try {
        read(source, name);
      } catch (error) {
        if (!(error instanceof GantryError)) throw error;
      }
    }),
    { numRuns: 600 },
  );
});
