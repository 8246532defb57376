// Makes ZIP files by hand, right and wrong ones.
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipPart {
  name: string | Buffer;
  content?: string | Buffer;
  /** Unix mode with type; 0: none, as from Windows. */
  mode?: number;
  /** Low bits of the external attributes. */
  dos?: number;
  /** 3: Unix, 0: Windows, 19: macOS. */
  madeBy?: number;
  flags?: number;
  method?: number;
  /** What the list says, where it is not so. */
  crc?: number;
  size?: number;
  packedSize?: number;
  offset?: number;
  extra?: Buffer;
}

const UTF8 = 0x800;

const u16 = (...values: number[]) => {
  const buffer = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) buffer.writeUInt16LE(value & 0xffff, index * 2);
  return buffer;
};
const u32 = (...values: number[]) => {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) buffer.writeUInt32LE(value >>> 0, index * 4);
  return buffer;
};

/** `count` is what the end of the list says. */
export function zipOf(
  parts: readonly ZipPart[],
  { count = parts.length, tail = Buffer.alloc(0) } = {},
): Buffer {
  const local: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const name = Buffer.from(part.name as string);
    const content = Buffer.from((part.content ?? "") as string);
    const method = part.method ?? 8;
    const packed = method === 8 ? deflateRawSync(content) : content;
    const flags = part.flags ?? (typeof part.name === "string" ? UTF8 : 0);
    const crc = part.crc ?? crc32(content);
    const sizes = u32(crc, part.packedSize ?? packed.length, part.size ?? content.length);
    const shared = [u16(flags, method, 0, 0x5821), sizes];
    const header = Buffer.concat([u32(0x04034b50), u16(20), ...shared, u16(name.length, 0), name, packed]);
    local.push(header);
    const extra = part.extra ?? Buffer.alloc(0);
    const attributes = ((part.mode ?? 0o100644) << 16) | (part.dos ?? 0);
    list.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(20 | ((part.madeBy ?? 3) << 8), 20),
        ...shared,
        u16(name.length, extra.length, 0, 0, 0),
        u32(attributes, part.offset ?? at),
        name,
        extra,
      ]),
    );
    at += header.length;
  }
  const entries = Buffer.concat(list);
  const end = [u32(0x06054b50), u16(0, 0, count, count), u32(entries.length, at), u16(0)];
  return Buffer.concat([...local, entries, ...end, tail]);
}
