// Long answers of many short lines.

const PIECE_LENGTH = 65_536;

/** In pieces of many lines: a piece costs much more than a line. */
export async function* inPieces(lines: AsyncIterable<string>): AsyncIterable<string> {
  let piece = "";
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}
