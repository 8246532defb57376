// Git over SSH. A true sshd where there is one; else what ssh is told, and that it takes it.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gitBed } from "../../../test/helpers/git-bed.ts";
import { type GitRepository, gitRepository } from "../../../test/helpers/git-repository.ts";
import { until } from "../../../test/helpers/until.ts";

const SSHD = "/usr/sbin/sshd";
/** As root it needs its folder, which only a booted system has. */
const hasSshd = existsSync(SSHD) && (userInfo().uid !== 0 || existsSync("/run/sshd"));

let bed: ReturnType<typeof gitBed>;
let repo: GitRepository;
beforeEach(() => {
  bed = gitBed();
  repo = gitRepository();
  repo.commit({ "app.py": "over ssh" });
});
afterEach(() => {
  expect(bed.left()).toEqual([]);
  bed.end();
  repo.end();
});

function makeKey(name: string, passphrase = ""): { file: string; privateKey: string; publicKey: string } {
  const file = join(bed.home, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", file]);
  return { file, privateKey: readFileSync(file, "utf8"), publicKey: readFileSync(`${file}.pub`, "utf8") };
}

/** Puts a program named ssh in front of the real one, which notes what it is given and then is the host. */
async function withFakeSsh<Result>(work: (notes: string) => Promise<Result>): Promise<Result> {
  const bin = join(bed.home, "bin");
  mkdirSync(bin);
  const notes = join(bed.home, "notes");
  const script = `#!/bin/sh
printf '%s\\n' "$@" > ${notes}; env > ${notes}.env; stat -c '%a %n' key ssh_config .gitconfig >> ${notes}.modes 2>/dev/null
cp key ${notes}.key 2>/dev/null; /usr/bin/ssh -G "$@" > ${notes}.config 2> ${notes}.errors
for last in "$@"; do :; done; unset GIT_DIR; eval "$last"\n`;
  writeFileSync(join(bin, "ssh"), script);
  chmodSync(join(bin, "ssh"), 0o755);
  const path = process.env.PATH;
  process.env.PATH = `${bin}:${path}`;
  try {
    return await work(notes);
  } finally {
    process.env.PATH = path;
  }
}

describe.skipIf(!existsSync("/usr/bin/ssh"))("ssh", () => {
  test("is told to use this key alone, and to ask nobody", async () => {
    const { privateKey } = makeKey("id");
    await withFakeSsh(async (notes) => {
      const credential = { type: "key", privateKey: privateKey.trim().replaceAll("\n", "\r\n") } as const;
      const url = `ssh://git@host.example:2222${repo.dir}`;
      expect((await bed.fetch({ url, credential })).files).toEqual({ "app.py": "over ssh" });
      expect(readFileSync(`${notes}.key`, "utf8")).toBe(privateKey);
      expect(readFileSync(notes, "utf8").split("\n").slice(0, 2)).toEqual(["-F", "ssh_config"]);
      const modes = readFileSync(`${notes}.modes`, "utf8").trim().split("\n");
      expect(new Set(modes)).toEqual(new Set(["600 key", "600 ssh_config", "600 .gitconfig"]));
      const config = readFileSync(`${notes}.config`, "utf8");
      expect(readFileSync(`${notes}.errors`, "utf8")).toBe("");
      for (const line of ["batchmode yes", "identitiesonly yes", "identityfile key", "port 2222", "user git"])
        expect(config.split("\n")).toContain(line);
      expect(config).toMatch(/^stricthostkeychecking accept-new$/m);
      expect(config).toMatch(/^userknownhostsfile known_hosts$/m);
      const body = privateKey.split("\n")[1] ?? "-";
      expect(readFileSync(notes, "utf8") + readFileSync(`${notes}.env`, "utf8")).not.toContain(body);
    });
  });

  test("gets addresses as scp writes them, and no agent unless it is allowed", async () => {
    const before = process.env.SSH_AUTH_SOCK;
    process.env.SSH_AUTH_SOCK = "/tmp/agent";
    await withFakeSsh(async (notes) => {
      const url = `git@host.example:${repo.dir}`;
      expect((await bed.fetch({ url }, { personalKeys: false })).files).toEqual({ "app.py": "over ssh" });
      expect(readFileSync(`${notes}.env`, "utf8")).not.toContain("/tmp/agent");
      await bed.fetch({ url }, { personalKeys: true });
      expect(readFileSync(`${notes}.env`, "utf8")).toContain("SSH_AUTH_SOCK=/tmp/agent");
      expect(readFileSync(`${notes}.config`, "utf8")).toMatch(
        /^userknownhostsfile known_hosts \S+\/known_hosts$/m,
      );
    });
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
  });

  test("takes no credential that does not fit", async () => {
    const { privateKey, publicKey } = makeKey("id");
    const url = "ssh://git@host.example/x.git";
    const locked = makeKey("locked", "word word").privateKey;
    for (const [key, reason] of [
      [publicKey, "public key"],
      [locked, "has a passphrase"],
      ["nonsense", "not in OpenSSH"],
    ] as const) {
      const credential = { type: "key", privateKey: key } as const;
      await expect(bed.fetch({ url, credential })).rejects.toThrow(reason);
    }
    const https = { url: "https://host.invalid/x", credential: { type: "key", privateKey } as const };
    await expect(bed.fetch(https)).rejects.toThrow("fits only an SSH address");
  });
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** An sshd that takes `publicKey`. */
async function startSshd(publicKey: string) {
  const port = await freePort();
  const hostKey = makeKey(`host-${port}`);
  const authorized = join(bed.home, "authorized");
  writeFileSync(authorized, publicKey, { mode: 0o600 });
  const config = join(bed.home, `sshd-${port}`);
  writeFileSync(
    config,
    `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${hostKey.file}\nAuthorizedKeysFile ${authorized}
StrictModes no\nPidFile none\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\n`,
  );
  const child = spawn(SSHD, ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk;
  });
  await until("sshd to listen", () => said.includes("Server listening"));
  return { port, hostKey, stop: () => void child.kill("SIGKILL") };
}

describe.skipIf(!hasSshd)("a true sshd", () => {
  test("lets the right key in, and no other; a changed host is refused", async () => {
    const [key, other] = [makeKey("right"), makeKey("wrong")];
    const sshd = await startSshd(key.publicKey);
    const url = `ssh://${userInfo().username}@127.0.0.1:${sshd.port}${repo.dir}`;
    try {
      const right = { type: "key", privateKey: key.privateKey } as const;
      const wrong = { type: "key", privateKey: other.privateKey } as const;
      expect((await bed.fetch({ url, credential: right })).files).toEqual({ "app.py": "over ssh" });
      const known = join(bed.home, "git", "known_hosts");
      expect(readFileSync(known, "utf8")).toContain(sshd.hostKey.publicKey.split(" ")[1]);
      await expect(bed.fetch({ url, credential: wrong })).rejects.toThrow(
        "the host lets nobody in with this key",
      );
      await expect(bed.fetch({ url: `${url}x`, credential: right })).rejects.toThrow(
        "there is no Git repository",
      );
      writeFileSync(known, `[127.0.0.1]:${sshd.port} ${other.publicKey}`);
      await expect(bed.fetch({ url, credential: right })).rejects.toThrow("another key than before");
    } finally {
      sshd.stop();
    }
  });
});
