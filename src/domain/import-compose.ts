// Compose files: the ports that they publish, and a note for each service that this version can't run.
import type { Imported } from "./imported.ts";
import { type Input, type Mapping, refuse } from "./manifest-input.ts";
import { parseYaml } from "./manifest-yaml.ts";
import { shown } from "./shown.ts";

export interface ComposePort {
  service: string;
  hostPort: number;
  protocol: "tcp" | "udp";
}

/** A service of a compose file, and the TCP ports of this machine that it publishes. */
export interface PublishedPorts {
  service: string;
  ports: number[];
}

const MAX_PORTS = 2 * 65_535;

type Environment = Record<string, string | undefined>;

/** Names the services and their ports in warnings; there are no apps in it for the process engine. */
export function readCompose(text: string, file: string): Imported {
  const ports = parseComposePorts(text, file);
  const warnings = services(text, file).map(({ key }) => {
    const own = ports.filter(({ service }) => service === key).map(({ hostPort }) => hostPort);
    const published = own.length === 0 ? "" : ` (it publishes ${own.join(", ")})`;
    return `The service ${shown(key)}${published}: compose services are not part of this version`;
  });
  return { apps: [], warnings };
}

/**
 * Host ports published by a compose file: short and long syntax, ranges, addresses, `${NAME:-default}` filled from `env`. Ports that
 * Docker would choose itself, and those whose variable is not known, are left out. Throws `invalid-manifest`.
 */
export function parseComposePorts(text: string, file = "compose.yaml", env: Environment = {}): ComposePort[] {
  const found: ComposePort[] = [];
  for (const { key, value } of services(text, file)) {
    const ports =
      value.type === "map" ? value.entries.find((entry) => entry.key === "ports")?.value : undefined;
    for (const item of ports?.type === "list" ? ports.items : []) {
      for (const port of published(item, env)) found.push({ service: key, ...port });
      if (found.length > MAX_PORTS) throw refuse(item.place, "it publishes more ports than there are");
    }
  }
  return found;
}

/** All services of a compose file, also those without ports. Throws as `parseComposePorts` does. */
export function publishedPorts(text: string, file: string, env: Environment): PublishedPorts[] {
  const published = parseComposePorts(text, file, env).filter(({ protocol }) => protocol === "tcp");
  const ports = Map.groupBy(published, ({ service }) => service);
  return services(text, file).map(({ key }) => ({
    service: key,
    ports: (ports.get(key) ?? []).map(({ hostPort }) => hostPort),
  }));
}

function services(text: string, file: string): Mapping["entries"] {
  const top = parseYaml(text, file, { foreign: true });
  const found = top.type === "map" ? top.entries.find(({ key }) => key === "services")?.value : undefined;
  if (found?.type === "map") return found.entries;
  if (top.type !== "map" || found !== undefined) throw refuse(top.place, "services must be a mapping");
  return [];
}

function published(item: Input, env: Environment): Omit<ComposePort, "service">[] {
  if (item.type === "scalar") return shortSyntax(fill(item.text, env), item);
  if (item.type !== "map") throw refuse(item.place, "a port must be text or a mapping");
  const text = (key: string): string => {
    const value = item.entries.find((entry) => entry.key === key)?.value;
    return value?.type === "scalar" ? fill(value.text, env) : "";
  };
  return range(text("published"), text("protocol"), item);
}

/** `[ip:][host:]container[/protocol]`; the address may be an IPv6 one in brackets. */
function shortSyntax(text: string, input: Input): Omit<ComposePort, "service">[] {
  const match = /^(?:(\[[^\]]*\]|[^:[\]]*):)?(?:([^:]*):)?([^:/]+)(?:\/(\w+))?$/.exec(text);
  if (!match) return unknownUnless(text, input);
  const [, first, second, , protocol = ""] = match;
  return range(second ?? (first?.startsWith("[") ? "" : first) ?? "", protocol, input);
}

function range(text: string, protocol: string, input: Input): Omit<ComposePort, "service">[] {
  if (text === "") return [];
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return unknownUnless(text, input);
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  if (last > 65_535 || last < first) throw refuse(input.place, `${shown(text)} is no range of ports`);
  if (first === 0) return [];
  const name = protocol.toLowerCase() === "udp" ? "udp" : "tcp";
  return Array.from({ length: last - first + 1 }, (_, i) => ({ hostPort: first + i, protocol: name }));
}

/** A variable without a value leaves a hole that only Docker can fill; anything else is wrong. */
function unknownUnless(text: string, input: Input): [] {
  if (text.includes(UNKNOWN)) return [];
  throw refuse(input.place, `${shown(text)} is no port`, 'Write "8080:80".');
}

const UNKNOWN = "\uFFFF";

/** `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?error}`; `$$` is a dollar sign. */
const fill = (text: string, env: Environment): string =>
  text.replaceAll(
    /\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})/g,
    (whole, bare?: string, name?: string, operator?: string, rest = "") => {
      if (whole === "$$") return "$";
      const key = bare ?? name ?? "";
      const value = Object.hasOwn(env, key) ? env[key] : undefined;
      const given = operator?.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
      if (operator?.endsWith("+")) return given ? rest : "";
      if (given) return value ?? "";
      return operator?.endsWith("-") ? rest : UNKNOWN;
    },
  );
