// Whose port is it? Sockets of the machine compared with those that an instance's own processes hold.
import type { PortOwner } from "../../domain/engine.ts";
import { listenersFor, listListeners, readListeners, socketInode, socketInodes } from "../../lib/sockets.ts";

/** Addresses under which people listen, and the one that a client on this machine connects to. */
const REACHED_BY: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1", localhost: "127.0.0.1" };
/** As long as the own socket is still open nobody else can have taken its address; after this the whole table is read again. */
const PROOF_MS = 60_000;
/** How old the table may be then. */
const RENEWAL_AGE_MS = 2_000;

export interface PortQuestion {
  instanceId: string;
  host: string;
  port: number;
  /** The instance's own processes. */
  members: () => number[];
  /** Processes of other instances of this home: they may share an address on purpose, as an edge that takes over does. */
  kin: () => number[];
}

interface Proof {
  host: string;
  port: number;
  /** Of the listening socket. */
  inode: number;
  path: string;
  at: number;
}

/** Answers whose port it is; remembers the socket of each "own", so that asking again costs one system call. */
export class PortProofs {
  readonly #proofs = new Map<string, Proof>();

  ownerOf(question: PortQuestion): PortOwner {
    const { instanceId, host, port } = question;
    const proof = this.#proofs.get(instanceId);
    const holds =
      proof !== undefined &&
      proof.host === host &&
      proof.port === port &&
      socketInode(proof.path) === proof.inode;
    if (holds && performance.now() - proof.at < PROOF_MS) return "own";
    const listeners = readListeners(holds ? RENEWAL_AGE_MS : undefined);
    if (listeners === null) return "unknown";
    const { owner, socket } = judge(
      listenersFor(listeners, REACHED_BY[host] ?? host, port).map((one) => one.inode),
      question,
    );
    if (socket === null) this.#proofs.delete(instanceId);
    else this.#proofs.set(instanceId, { host, port, ...socket, at: performance.now() });
    return owner;
  }

  forget(instanceId: string): void {
    this.#proofs.delete(instanceId);
  }
}

/** Sockets that share an address share its connections: one foreign socket among them spoils it. */
function judge(
  inodes: number[],
  { members, kin }: PortQuestion,
): { owner: PortOwner; socket: { inode: number; path: string } | null } {
  if (inodes.length === 0) return { owner: "none", socket: null };
  const held = socketsOf(members());
  const own = inodes.find((inode) => held.sockets.has(inode));
  const path = own === undefined ? undefined : held.sockets.get(own);
  const foreign = inodes.filter((inode) => !held.sockets.has(inode));
  const shared = own !== undefined && foreign.length > 0 ? socketsOf(kin()).sockets : null;
  if (own !== undefined && path !== undefined && foreign.every((inode) => shared?.has(inode)))
    return { owner: "own", socket: { inode: own, path } };
  return { owner: held.complete ? "stranger" : "unknown", socket: null };
}

export function portsOf(members: () => number[]): number[] {
  const all = listListeners();
  if (all.length === 0) return [];
  const { sockets } = socketsOf(members());
  const ports = new Set(all.filter((one) => sockets.has(one.inode)).map((one) => one.port));
  return [...ports].sort((one, other) => one - other);
}

function socketsOf(pids: number[]): { sockets: Map<number, string>; complete: boolean } {
  const sockets = new Map<number, string>();
  let complete = true;
  for (const pid of pids) {
    const own = socketInodes(pid);
    if (own === null) complete = false;
    for (const [inode, path] of own ?? []) sockets.set(inode, path);
  }
  return { sockets, complete };
}
