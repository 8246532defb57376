// What the compose file in an app's folder publishes on this machine.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseEnvFile } from "../domain/env-file.ts";
import { GantryError } from "../domain/errors.ts";
import { type PublishedPorts, publishedPorts } from "../domain/import-compose.ts";

/** In the order in which Docker looks for them. */
const NAMES = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const MAX_BYTES = 1_048_576;

export interface ComposeFile {
  services: PublishedPorts[];
  /** One line for people: the services and their ports, or why it can't be read. */
  evidence: string;
}

/** Null where there is none. `.env` beside it fills its variables, as Docker does; an unreadable file has no services. */
export function readComposeFile(dir: string): ComposeFile | null {
  for (const name of NAMES) {
    const text = readText(join(dir, name));
    if (text === null) continue;
    try {
      const env = parseEnvFile(readText(join(dir, ".env")) ?? "", ".env");
      const services = publishedPorts(text, name, env);
      const list = services.map((one) => `${one.service} ${describePorts(one)}`).join("; ");
      return { services, evidence: `${name}: ${list === "" ? "no services" : list}` };
    } catch (error) {
      if (error instanceof GantryError) return { services: [], evidence: error.message };
      throw error;
    }
  }
  return null;
}

/** `publishes 80, 443`, or `publishes nothing`. */
export const describePorts = ({ ports }: PublishedPorts): string =>
  `publishes ${[...ports.slice(0, 20), ...(ports.length > 20 ? ["…"] : [])].join(", ") || "nothing"}`;

function readText(file: string): string | null {
  try {
    const facts = statSync(file);
    return facts.isFile() && facts.size <= MAX_BYTES ? readFileSync(file, "utf8") : null;
  } catch {
    return null;
  }
}
