// Where the data of a log begins whose index was lost: its head may have been freed.
import { closeSync, openSync, readSync } from "node:fs";
import { PIECE_BYTES } from "./line-reader.ts";

/** First multiple of 64 kB behind which there is no freed block: freed blocks read as zeros and lie at the head. */
export function holeEnd(path: string, size: number): number {
  const fd = openSync(path, "r");
  const block = Buffer.alloc(PIECE_BYTES);
  const zeros = Buffer.alloc(PIECE_BYTES);
  const isHole = (index: number): boolean => {
    const bytes = readSync(fd, block, 0, PIECE_BYTES, index * PIECE_BYTES);
    return bytes === PIECE_BYTES && block.equals(zeros);
  };
  try {
    let low = 0;
    let high = Math.floor(size / PIECE_BYTES);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isHole(middle)) low = middle + 1;
      else high = middle;
    }
    return low * PIECE_BYTES;
  } finally {
    closeSync(fd);
  }
}
