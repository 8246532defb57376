// Takes lines and given numbers of bytes from a stream in turn.
import type { Readable } from "node:stream";

/** Each method answers null when the stream ends before. */
export interface ByteReader {
  /** Without its end. At most 4 kB long. */
  line(): Promise<string | null>;
  take(bytes: number): Promise<Buffer | null>;
  /** At least one byte, at most so many. */
  some(most: number): Promise<Buffer | null>;
}

const MAX_LINE = 4_096;

export function createByteReader(stream: Readable): ByteReader {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  const next = async (): Promise<Buffer | null> => {
    const { value, done } = await chunks.next().catch(() => ({ value: undefined, done: true }) as const);
    return done === true || value === undefined ? null : value;
  };

  async function take(bytes: number): Promise<Buffer | null> {
    const parts = [rest];
    let length = rest.length;
    while (length < bytes) {
      const chunk = await next();
      if (chunk === null) return null;
      parts.push(chunk);
      length += chunk.length;
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts);
    rest = all.subarray(bytes);
    return all.subarray(0, bytes);
  }

  return {
    take,
    async some(most) {
      if (rest.length === 0) rest = (await next()) ?? rest;
      return rest.length === 0 ? null : await take(Math.min(most, rest.length));
    },
    async line() {
      for (;;) {
        const end = rest.indexOf(10);
        if (end !== -1) return ((await take(end + 1)) ?? rest).toString("latin1").slice(0, -1);
        const chunk = rest.length > MAX_LINE ? null : await next();
        if (chunk === null) return null;
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      }
    },
  };
}
