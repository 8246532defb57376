// Hands pip's configuration of this machine (index, certificates) to uv, which does not read it.
import { homedir } from "node:os";
import { join } from "node:path";
import { readText } from "../folder.ts";
import { toolEnvironment } from "../tool-env.ts";

type Options = Map<string, string>;

/** The environment for uv: its own variables win, then PIP_*, then pip's files. */
export async function uvEnvironment(): Promise<NodeJS.ProcessEnv> {
  const env = toolEnvironment();
  const options = await pipOptions(env);
  const set = (name: string, value: string | undefined, ...unless: string[]): void => {
    if (value && [name, ...unless].every((other) => env[other] === undefined)) env[name] = value;
  };
  set("UV_DEFAULT_INDEX", options.get("index-url"), "UV_INDEX_URL");
  set("UV_INDEX", options.get("extra-index-url"), "UV_EXTRA_INDEX_URL");
  set("UV_FIND_LINKS", options.get("find-links")?.split(/\s+/).join(","));
  set("UV_INSECURE_HOST", options.get("trusted-host"));
  set("UV_NO_INDEX", isTrue(options.get("no-index")) ? "1" : undefined);
  set("UV_HTTP_TIMEOUT", options.get("default-timeout") ?? options.get("timeout"));
  set("SSL_CERT_FILE", options.get("cert"), "SSL_CERT_DIR");
  set("UV_NATIVE_TLS", "1", "UV_SYSTEM_CERTS");
  set("UV_SYSTEM_CERTS", env.UV_NATIVE_TLS);
  // The old name of the setting makes newer versions of uv print a warning.
  if (env.UV_SYSTEM_CERTS === "1") delete env.UV_NATIVE_TLS;
  env.UV_NO_PROGRESS = "1";
  env.NO_COLOR = "1";
  env.UV_PYTHON_DOWNLOADS = "never";
  return env;
}

/** The environment for pip: no questions, no look at its own version, no user site. */
export function pipEnvironment(): NodeJS.ProcessEnv {
  return {
    ...toolEnvironment(),
    PIP_NO_INPUT: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_COLOR: "1",
    PIP_PROGRESS_BAR: "off",
    PIP_ROOT_USER_ACTION: "ignore",
    PYTHONNOUSERSITE: "1",
  };
}

const isTrue = (text: string | undefined): boolean => /^(?:1|true|yes|on)$/i.test(text ?? "");

/** pip's options, later ones over earlier ones: global, user, PIP_CONFIG_FILE, environment. */
async function pipOptions(env: NodeJS.ProcessEnv): Promise<Options> {
  const config = env.XDG_CONFIG_HOME ?? join(homedir(), ".config");
  const files = [
    "/etc/xdg/pip/pip.conf",
    "/etc/pip.conf",
    join(homedir(), ".pip/pip.conf"),
    join(config, "pip/pip.conf"),
    ...(process.platform === "darwin" ? [join(homedir(), "Library/Application Support/pip/pip.conf")] : []),
    ...(env.PIP_CONFIG_FILE ? [env.PIP_CONFIG_FILE] : []),
  ];
  const options: Options = new Map();
  for (const file of files) {
    const text = env.PIP_CONFIG_FILE === "/dev/null" ? null : await readText(file, 64 * 1024);
    if (text !== null) for (const [name, value] of parseConfig(text)) options.set(name, value);
  }
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith("PIP_") && value)
      options.set(name.slice(4).toLowerCase().replaceAll("_", "-"), value);
  }
  return options;
}

/** The sections `global` and `install` of an ini file; indented lines continue a value. */
export function parseConfig(text: string): Options {
  const options: Options = new Map();
  let section = "";
  let name = "";
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
    const pair = /^([A-Za-z][\w-]*)\s*[=:]\s*(.*)$/.exec(line);
    if (header !== undefined) section = header;
    else if (/^\s*[#;]/.test(line) || line.trim() === "") continue;
    else if (/^\s/.test(line) && name !== "")
      options.set(name, `${options.get(name) ?? ""} ${line.trim()}`.trim());
    else if (pair?.[1] && (section === "global" || section === "install")) {
      name = pair[1].toLowerCase().replaceAll("_", "-");
      options.set(name, (pair[2] ?? "").trim());
    } else name = "";
  }
  return options;
}
