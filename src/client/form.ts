// A form with a file (multipart/form-data, RFC 7578), made while it is sent: the file is never in memory as a whole.
import { ClientError } from "./client-error.ts";

export interface FormFile {
  filename: string;
  /** Bytes; null where that shows only at the end. */
  size: number | null;
  /** Called once. */
  open(): AsyncIterable<Uint8Array>;
}

export interface Form {
  contentType: string;
  /** Bytes of the whole body; null where that is not known. */
  length: number | null;
  /** Called once. Rejects when the file is not as long as was said. */
  pieces(): AsyncGenerator<Uint8Array>;
}

/** The fields come first, then the file under the name `file`. `onSent` gets the bytes of the file that were handed on. */
export function formOf(
  fields: Record<string, string>,
  file: FormFile,
  onSent: (bytes: number) => void = () => {},
): Form {
  const boundary = `gantry-${process.getBuiltinModule("node:crypto").randomUUID()}`;
  const part = (disposition: string) => `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n`;
  const texts = Object.entries(fields).map(
    ([name, value]) => `${part(`name=${quoted(name)}`)}\r\n${value}\r\n`,
  );
  const head = Buffer.from(
    `${texts.join("")}${part(`name="file"; filename=${quoted(file.filename)}`)}content-type: application/zip\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: file.size === null ? null : head.length + file.size + tail.length,
    async *pieces() {
      yield head;
      let sent = 0;
      for await (const piece of file.open()) {
        sent += piece.length;
        if (file.size !== null && sent > file.size) throw changed(file);
        yield piece;
        onSent(sent);
      }
      if (file.size !== null && sent < file.size) throw changed(file);
      yield tail;
    },
  };
}

const changed = ({ filename }: FormFile): ClientError =>
  new ClientError("invalid-input", `${filename} was changed while it was sent`);

/** As browsers do (HTML Living Standard, section 4.10.21.8). */
const quoted = (text: string): string =>
  `"${text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}"`;
