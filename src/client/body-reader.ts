// The body of an HTTP/1.1 answer (RFC 9112, section 6): by length, in chunks, or up to the end of the connection.
import type { Socket } from "node:net";
import { ClientError } from "./client-error.ts";

export interface BodyReader {
  read(onPiece: (piece: Buffer) => void): Promise<void>;
  pieces(): AsyncGenerator<Buffer>;
}

/** Takes in raw bytes and gives out body bytes; `done` once the body is complete. */
interface Decoder {
  decode(bytes: Buffer, onPiece: (piece: Buffer) => void): void;
  done: boolean;
  /** True when the end of the connection is also the end of the body. */
  readonly endsWithConnection: boolean;
}

/** `rest` is what came in the same packet as the head. The socket must be paused. */
export function createBodyReader(socket: Socket, headers: Record<string, string>, rest: Buffer): BodyReader {
  const decoder = decoderFor(headers);

  const read = (onPiece: (piece: Buffer) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      let finished = false;
      const finish = (error?: Error) => {
        finished = true;
        socket.off("data", take).off("end", onEnd).off("error", finish).off("close", onEnd);
        socket.on("error", () => {}).pause();
        // Later: destroying a socket makes Node open the stream of stderr, which who prints the answer and ends need not wait for.
        setImmediate(() => socket.destroy());
        if (error) reject(error);
        else resolve();
      };
      const onEnd = () => finish(decoder.done || decoder.endsWithConnection ? undefined : cutOff());
      const take = (bytes: Buffer) => {
        try {
          decoder.decode(bytes, onPiece);
          if (decoder.done) finish();
        } catch (error) {
          finish(error as Error);
        }
      };
      socket.on("data", take).on("end", onEnd).on("error", finish).on("close", onEnd);
      take(rest);
      if (!finished) socket.resume();
    });

  return { read, pieces: () => pull(socket, read) };
}

async function* pull(socket: Socket, read: BodyReader["read"]): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let ended = false;
  let wake = () => {};
  const end = read((piece) => {
    waiting.push(piece);
    socket.pause();
    wake();
  }).finally(() => {
    ended = true;
    wake();
  });
  end.catch(() => {});
  try {
    while (true) {
      const batch = waiting;
      waiting = [];
      yield* batch;
      if (waiting.length > 0) continue;
      if (ended) return await end;
      await new Promise<void>((resolve) => {
        wake = resolve;
        socket.resume();
      });
    }
  } finally {
    socket.destroy();
  }
}

function decoderFor(headers: Record<string, string>): Decoder {
  if (headers["transfer-encoding"]?.toLowerCase() === "chunked") return chunked();
  const length = headers["content-length"];
  return length === undefined ? untilEnd() : byLength(Number(length));
}

function byLength(length: number): Decoder {
  let left = length;
  return {
    done: left === 0,
    endsWithConnection: false,
    decode(bytes, onPiece) {
      const piece = bytes.subarray(0, left);
      left -= piece.length;
      if (piece.length > 0) onPiece(piece);
      this.done = left === 0;
    },
  };
}

const untilEnd = (): Decoder => ({
  done: false,
  endsWithConnection: true,
  decode: (bytes, onPiece) => void (bytes.length > 0 && onPiece(bytes)),
});

function chunked(): Decoder {
  let buffered: Buffer = Buffer.alloc(0);
  return {
    done: false,
    endsWithConnection: false,
    decode(bytes, onPiece) {
      buffered = buffered.length === 0 ? bytes : Buffer.concat([buffered, bytes]);
      while (!this.done) {
        const lineEnd = buffered.indexOf("\r\n");
        if (lineEnd < 0) return;
        const size = Number.parseInt(buffered.toString("latin1", 0, lineEnd), 16);
        if (!(size >= 0)) throw new ClientError("daemon-gone", "The daemon's answer is malformed");
        const start = lineEnd + 2;
        if (buffered.length < start + size + 2) return;
        if (size === 0) this.done = true;
        else onPiece(buffered.subarray(start, start + size));
        buffered = buffered.subarray(start + size + 2);
      }
    },
  };
}

const cutOff = (): ClientError => new ClientError("daemon-gone", "The daemon's answer was cut off");
