// What the app is told about the client behind the edge.

/** Makes the lines for one client's address; the last ones are kept, because a client mostly asks one host. */
export class ForwardedLines {
  private readonly address: string;
  private host: string | null = null;
  private lines = "";

  constructor(address: string) {
    this.address = address;
  }

  /** RFC 7239 and the customs before it; ends the header section. */
  for(host: string): string {
    if (host === this.host) return this.lines;
    const { address } = this;
    const node = address.includes(":") ? `"[${address}]"` : address;
    this.host = host;
    this.lines =
      `X-Forwarded-For: ${address}\r\n${host === "" ? "" : `X-Forwarded-Host: ${host}\r\n`}X-Forwarded-Proto: http\r\n` +
      `X-Real-IP: ${address}\r\nForwarded: for=${node};${host === "" ? "" : `host="${host}";`}proto=http\r\n\r\n`;
    return this.lines;
  }
}
