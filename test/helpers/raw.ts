// Bytes to a port just as they are: for requests that no client would send.
import { connect } from "node:net";

/** The whole answer, up to the end of the connection; rejects when nothing happens for 5 s. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let read = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.setTimeout(5_000, () => socket.destroy(new Error("no answer")));
    socket.on("data", (piece) => {
      read += piece.toString();
    });
    socket.on("close", () => resolve(read)).on("error", reject);
  });
}
