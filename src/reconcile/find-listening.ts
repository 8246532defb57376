// Where does a watched instance listen, if anywhere?
import type { Context } from "../context.ts";
import { takesConnections } from "./check.ts";
import type { Watched } from "./watched.ts";

/** An app that ignores $PORT is believed to do so when its other port was seen for this long. */
export const OTHER_PORT_MS = 300;
/** So long to wait after a look at a port that a stranger holds: it is dear. */
const FOREIGN_MS = 250;

export const ownPort = ({ instance, engine }: Watched): boolean =>
  instance.port !== null &&
  engine.portOwner(instance.id, instance.handle, instance.host, instance.port) === "own";

export const ignoresPort = ({ instance, given }: Watched): boolean => instance.port !== given.port;

/**
 * Does the instance listen? Connecting is cheap and says whether anybody does; only then the kernel is asked who. Now and
 * then the instance's other ports are looked at.
 */
export async function findListening(context: Context, entry: Watched): Promise<boolean> {
  const { host, port } = entry.instance;
  const isOpen = port !== null && (await takesConnections(host, port));
  if (isOpen && ownPort(entry)) return true;
  entry.isForeign = isOpen;
  if (isOpen) entry.slowDownMs = FOREIGN_MS;
  const now = context.clock.monotonic();
  if (now < entry.nextSurveyAt) return false;
  entry.nextSurveyAt = now + Math.max(OTHER_PORT_MS, (now - entry.startedAt) / 4);
  return !isOpen && adoptOtherAddress(context, entry);
}

/** An app that listens on exactly one port of its own choice, or on ::1 alone, is taken at its word. */
function adoptOtherAddress(context: Context, entry: Watched): boolean {
  const found = otherAddress(entry);
  const now = context.clock.monotonic();
  if (found === null || found.host !== entry.other?.host || found.port !== entry.other.port)
    entry.other = found === null ? null : { ...found, since: now };
  if (entry.other === null || now - entry.other.since < OTHER_PORT_MS) return false;
  entry.instance = { ...entry.instance, host: entry.other.host, port: entry.other.port };
  return true;
}

/** Where else the instance listens; the port that it was given comes first. */
function otherAddress({ engine, instance, release, given }: Watched): { host: string; port: number } | null {
  const { id, handle } = instance;
  const ports = engine.listeningPorts(id, handle);
  const [first] = ports;
  const chosen = release.launch.port === null && ports.length === 1 ? first : undefined;
  const port = given.port !== null && ports.includes(given.port) ? given.port : chosen;
  if (port === undefined) return null;
  const host = [given.host, "::1"].find((one) => engine.portOwner(id, handle, one, port) === "own");
  return host === undefined || (host === given.host && port === given.port) ? null : { host, port };
}
