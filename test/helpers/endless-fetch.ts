// A server of Git (protocol 2) whose fetch never ends.
import type { ServerResponse } from "node:http";
import type { GitRepository } from "./git-repository.ts";
import type { GitServerOptions } from "./git-server.ts";

/** Begins a pack and goes on for ever with what `feed` writes. */
export const endless = (
  repo: GitRepository,
  feed: (response: ServerResponse) => void,
): NonNullable<GitServerOptions["intercept"]> => {
  return (request, response) => {
    if (request.method !== "POST") return false;
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString("latin1");
    });
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/x-git-upload-pack-result" });
      if (!body.includes("command=fetch")) {
        const tip = repo.git(["rev-parse", "HEAD"]);
        const row = `${tip} HEAD\n`;
        response.end(`${(row.length + 4).toString(16).padStart(4, "0")}${row}0000`);
        return;
      }
      const blob = Buffer.alloc(12);
      blob.write("PACK");
      blob.writeUInt32BE(2, 4);
      blob.writeUInt32BE(1_000_000, 8);
      response.write("0011shallow-info\n");
      const shallow = `shallow ${repo.git(["rev-parse", "HEAD"])}`;
      response.write(`${(shallow.length + 4).toString(16).padStart(4, "0")}${shallow}0001`);
      response.write("000dpackfile\n");
      response.write(band(1, blob));
      feed(response);
    });
    return true;
  };
};

/** A piece of side-band 64k: 1 the pack, 2 progress, 3 the last error. */
export const band = (number: number, content: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from((content.length + 5).toString(16).padStart(4, "0")),
    Buffer.from([number]),
    content,
  ]);
