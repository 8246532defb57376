// So many connections and no more: who says nothing gives way to newcomers.
import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * From `most` connections on, each new one ends the one that has been without a request for the longest time; it is refused when
 * all have one under way. Clients that send a byte now and then can't keep others out.
 */
export function limitConnections(server: Server, most: number): void {
  /** Without a request, the longest first. */
  const idle = new Set<Socket>();
  let open = 0;
  const makeRoom = (): boolean => {
    const [longest] = idle;
    if (longest === undefined) return false;
    idle.delete(longest);
    longest.destroy();
    return true;
  };
  server.on("connection", (socket) => {
    if (open >= most && !makeRoom()) return void socket.destroy();
    open++;
    idle.add(socket);
    socket.once("close", () => {
      open--;
      idle.delete(socket);
    });
  });
  server.on("request", ({ socket }, response) => {
    idle.delete(socket);
    response.once("close", () => socket.destroyed || idle.add(socket));
  });
}
