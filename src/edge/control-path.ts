// Unix sockets in folders whose path is longer than the system allows for a socket.
import { closeSync, openSync } from "node:fs";
import { dirname, join } from "node:path";

/** `sun_path` holds 108 bytes on Linux and 104 elsewhere, the closing zero included. */
const MAX_BYTES = 103;

export interface SocketPath {
  path: string;
  /** To be called when the path is not needed any more. */
  release(): void;
}

/** A path that can be bound or connected to. On Linux a folder that is too deep is reached through a descriptor of it. */
export function shortSocketPath(dir: string, name: string): SocketPath {
  const path = join(dir, name);
  if (Buffer.byteLength(path) <= MAX_BYTES || process.platform !== "linux")
    return { path, release: () => undefined };
  const folder = openSync(dirname(path), "r");
  let open = true;
  return {
    path: `/proc/self/fd/${folder}/${name}`,
    release() {
      if (open) closeSync(folder);
      open = false;
    },
  };
}
