// The head of a request as the app gets it: checked, and without what concerned the client's connection only.
import { addressText } from "../../lib/address-text.ts";
import type { RequestHead } from "./request-head.ts";

/** `forwarded` are the lines about the client; they end the header section. */
export function requestText(
  request: RequestHead,
  upstream: { host: string; port: number },
  forwarded: string,
): string {
  const { fields } = request;
  let special = "";
  if (fields.chunked) special = "Transfer-Encoding: chunked\r\n";
  if (fields.expect !== "" && request.minor === 1) special += "Expect: 100-continue\r\n";
  if (request.host === "") special += `Host: ${addressText(upstream.host, upstream.port)}\r\n`;
  if (request.asksUpgrade) special += `Connection: Upgrade\r\nUpgrade: ${fields.upgrade}\r\n`;
  return `${request.method} ${request.target} HTTP/1.1\r\n${request.lines}${special}${forwarded}`;
}
