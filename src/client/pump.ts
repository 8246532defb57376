// Sends a body piece by piece, no faster than the other side takes it.
import type { Socket } from "node:net";
import type { Form } from "./form.ts";

/** Ends early, without an error, when `goesOn` says so. Rejects with what the body's source has to say. */
export async function pump(
  { length, pieces }: Pick<Form, "length" | "pieces">,
  socket: Socket,
  goesOn: () => boolean,
): Promise<void> {
  const chunked = length === null;
  for await (const piece of pieces()) {
    if (!goesOn()) return;
    if (piece.length === 0) continue;
    if (chunked) socket.write(`${piece.length.toString(16)}\r\n`);
    const isTaken = socket.write(piece);
    if (chunked) socket.write("\r\n");
    if (!isTaken) await drained(socket);
  }
  if (chunked && goesOn()) socket.write("0\r\n\r\n");
}

/** Or closed: then nobody waits for more. */
const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    const done = () => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.once("drain", done).once("close", done);
  });
