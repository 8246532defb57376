// Reads server-sent events from pieces of bytes (HTML Living Standard, section 9.2.6).

export interface StreamEvent {
  /** `message` unless the daemon named it otherwise: `progress`, `gap`. */
  event: string;
  /** Where to go on after a break; empty when the daemon gave none. */
  id: string;
  /** The JSON value of the event. */
  data: unknown;
}

/** The events in the bytes. Comments (heartbeats) are left out. */
export async function* readEvents(pieces: AsyncIterable<Buffer>): AsyncGenerator<StreamEvent> {
  const utf8 = new TextDecoder();
  let text = "";
  for await (const piece of pieces) {
    text += utf8.decode(piece, { stream: true });
    let from = 0;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n", from)) {
      const event = parseEvent(text.slice(from, end));
      from = end + 2;
      if (event !== null) yield event;
    }
    text = text.slice(from);
  }
}

function parseEvent(block: string): StreamEvent | null {
  const fields: Record<string, string> = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, "");
    fields[name] = name === "data" && fields.data !== undefined ? `${fields.data}\n${value}` : value;
  }
  if (fields.data === undefined) return null;
  return { event: fields.event ?? "message", id: fields.id ?? "", data: JSON.parse(fields.data) };
}
