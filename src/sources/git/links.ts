// Symbolic links of a tree, replaced by what they lead to: files and folders of the same tree, and nothing else.
import { GantryError } from "../../domain/errors.ts";
import { shown } from "../../domain/shown.ts";

export interface LinkedFile {
  path: string;
  oid: string;
  executable: boolean;
}

export interface Links {
  addFile(path: string, file: Pick<LinkedFile, "oid" | "executable">): void;
  addLink(path: string, target: string): void;
  /** The files that stand in place of the link, with their new paths. Throws `invalid-path` where it leads out, nowhere or round. */
  follow(path: string): Iterable<LinkedFile>;
}

type Folder = Map<string, Node>;
type Node = Folder | { oid: string; executable: boolean } | { target: string };
/** A node and the folders above it, the root first. */
type Found = { node: Node; above: Folder[] };

/** As many as Linux follows (path_resolution(7)). */
const MAX_HOPS = 40;

export function createLinks(): Links {
  const root: Folder = new Map();
  const put = (path: string, node: Node): void => {
    const parts = path.split("/");
    const name = parts.pop() ?? "";
    let folder = root;
    for (const part of parts) {
      const next = folder.get(part) ?? new Map<string, Node>();
      // A file of that name: the tree's writer refuses the pair.
      if (!(next instanceof Map)) return;
      folder.set(part, next);
      folder = next;
    }
    folder.set(name, node);
  };
  return {
    addFile: (path, { oid, executable }) => put(path, { oid, executable }),
    addLink: (path, target) => put(path, { target }),
    follow(path) {
      const found = resolve(path, path.split("/"), [root], { left: MAX_HOPS });
      return expand(path, path, found, new Set(foldersAbove(path, root)));
    },
  };
}

/** Walks `parts` from the innermost of `above`, through links. `path` is the link that is followed, for messages. */
function resolve(path: string, parts: readonly string[], above: Folder[], hops: { left: number }): Found {
  const folders = [...above];
  const queue = [...parts];
  let node: Node | undefined = folders.at(-1);
  for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
    const folder = folders.at(-1);
    if (folder === undefined) throw refused(path, "it is a link that leads out of the repository");
    if (part === "" || part === ".") continue;
    if (part === "..") {
      folders.pop();
      node = folders.at(-1);
      continue;
    }
    node = folder.get(part);
    if (node === undefined) throw refused(path, "it is a link to nothing in the repository");
    if ("target" in node) {
      if (node.target.startsWith("/")) throw refused(path, "it is a link that leads out of the repository");
      if (--hops.left < 0) throw refused(path, "it is a link to itself");
      queue.unshift(...node.target.split("/"));
      node = folder;
    } else if (node instanceof Map) folders.push(node);
    else if (queue.some((rest) => rest !== ""))
      throw refused(path, "it is a link to nothing in the repository");
  }
  if (node === undefined) throw refused(path, "it is a link that leads out of the repository");
  return { node, above: folders };
}

/** `inside`: the folders that the link lies in or that are being copied: to copy one of them again would never end. */
function* expand(
  link: string,
  path: string,
  { node, above }: Found,
  inside: Set<Folder>,
): Generator<LinkedFile> {
  if (!(node instanceof Map)) {
    if ("oid" in node) yield { path, oid: node.oid, executable: node.executable };
    return;
  }
  if (inside.has(node)) throw refused(link, "it is a link to a folder that it lies in");
  const within = new Set(inside).add(node);
  for (const [name, child] of node) {
    const next = `${path}/${name}`;
    if ("target" in child)
      yield* expand(link, next, resolve(link, [name], above, { left: MAX_HOPS }), within);
    else yield* expand(link, next, { node: child, above: [...above, ...folderOf(child)] }, within);
  }
}

const folderOf = (node: Node): Folder[] => (node instanceof Map ? [node] : []);

function foldersAbove(path: string, root: Folder): Folder[] {
  const folders = [root];
  for (const part of path.split("/").slice(0, -1)) {
    const next = folders.at(-1)?.get(part);
    if (next instanceof Map) folders.push(next);
  }
  return folders;
}

const refused = (path: string, reason: string): GantryError =>
  new GantryError("invalid-path", { path: shown(path), reason, hint: "Replace it by what it stands for." });
