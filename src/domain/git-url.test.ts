import { describe, expect, test } from "vitest";
import { checkGitCredential } from "./git-credential.ts";
import { checkGitRef, parseGitSource } from "./git-ref.ts";
import { parseGitUrl } from "./git-url.ts";
import { isPrivateHost } from "./private-host.ts";
import { checkSubfolder } from "./subfolder.ts";

const token = (username: string, password: string) => ({ type: "token", username, password });

describe("addresses", () => {
  test.each([
    ["https://github.com/ada/notes.git", "https://github.com/ada/notes.git", "https", "github.com", null],
    ["HTTPS://GitHub.com:443/Ada/Notes", "https://github.com:443/Ada/Notes", "https", "github.com", null],
    ["http://10.0.0.7:3000/x", "http://10.0.0.7:3000/x", "http", "10.0.0.7", null],
    ["https://[::1]:8443/x", "https://[::1]:8443/x", "https", "[::1]", null],
    ["https://a:b@host.test/x", "https://host.test/x", "https", "host.test", token("a", "b")],
    ["https://a:p@ss:w@host.test/x", "https://host.test/x", "https", "host.test", token("a", "p@ss:w")],
    ["https://a%40b:%2F%25@host.test/x", "https://host.test/x", "https", "host.test", token("a@b", "/%")],
    ["https://t0ken@host.test/x", "https://host.test/x", "https", "host.test", token("t0ken", "")],
    ["https://:t0ken@host.test/x", "https://host.test/x", "https", "host.test", token("", "t0ken")],
    ["https://@host.test/x", "https://host.test/x", "https", "host.test", null],
    ["ssh://git@host.test:2222/~ada/x", "ssh://git@host.test:2222/~ada/x", "ssh", "host.test", null],
    ["ssh://host.test/x", "ssh://host.test/x", "ssh", "host.test", null],
    ["git@github.com:ada/notes.git", "git@github.com:ada/notes.git", "ssh", "github.com", null],
    ["git@[::1]:x", "git@[::1]:x", "ssh", "[::1]", null],
    ["file:///srv/x.git", "file:///srv/x.git", "file", null, null],
    ["file://localhost/srv/x%20y", "file:///srv/x%20y", "file", null, null],
    ["/srv/my projects/x.git", "/srv/my projects/x.git", "file", null, null],
  ])("%s", (text, url, protocol, host, credential) => {
    expect(parseGitUrl(text)).toEqual({ url, protocol, host, credential });
  });

  test.each([
    [""],
    [null],
    [7],
    ["x".repeat(3_000)],
    [`https://host.test/${"x".repeat(2_048)}`],
    ["ext::sh -c id"],
    ["ext::id"],
    ["fd::17"],
    ["FD::17/x"],
    ["https::https://host.test/x"],
    ["--upload-pack=touch pwned"],
    ["-u/x"],
    ["ssh://-oProxyCommand=id/x"],
    ["ssh://-oProxyCommand=id@host.test/x"],
    ["ssh://git@-oProxyCommand=id/x"],
    ["-oProxyCommand=id@host.test:x"],
    ["git@-oProxyCommand=id:x"],
    ["git@host.test:-x"],
    ["ssh://host.test/-x"],
    ["ssh://git:secret@host.test/x"],
    ["ssh://g it@host.test/x"],
    ["ssh://%2doProxyCommand=id/x"],
    ["ssh://%2doProxyCommand@host.test/x"],
    ["https://-host.test/x"],
    ["https://host.test"],
    ["https://host.test/"],
    ["https:///x"],
    ["https://host.test:0/x"],
    ["https://host.test:65536/x"],
    ["https://host.test:80a/x"],
    ["https://host..test/x"],
    ["https://h$(id).test/x"],
    ["https://bücher.test/x"],
    ["https://host.test/x?y=1"],
    ["https://host.test/x#y"],
    ["https://host.test\\@evil.test/x"],
    ["https://host.test/a b"],
    ["https://host.test/a\nb"],
    ["https://host.test/a\tb"],
    ["https://host.test/a\u0000b"],
    ["https://host.test/a%0ab"],
    ["https://host.test/a%zz"],
    ["https://host.test/a\u202eb"],
    ["https://host.test/a\ud800"],
    ["https://a%zz:b@host.test/x"],
    ["https://a:%0a@host.test/x"],
    [" https://host.test/x"],
    ["git://host.test/x"],
    ["ftp://host.test/x"],
    ["javascript://host.test/x"],
    ["file://host.test/x"],
    ["file://x"],
    ["./x"],
    ["../x"],
    ["x.git"],
    ["C:\\x"],
    ["host.test:x"],
    ["/srv/\n"],
    ["/srv/x "],
  ])("refused: %j", (text) => {
    expect(() => parseGitUrl(text)).toThrow(
      expect.objectContaining({ code: "invalid-input", details: expect.objectContaining({ field: "url" }) }),
    );
  });

  test("are never repeated when they are refused: there may be a password inside", () => {
    for (const text of ["https://a:s3cret@host.test/x?y", "ssh://a:s3cret@host.test/x", "ftp://a:s3cret@h/x"])
      try {
        parseGitUrl(text);
        expect.unreachable();
      } catch (error) {
        expect(JSON.stringify(error) + String(error)).not.toContain("s3cret");
      }
  });

  test("where many people are, only public hosts over encrypted ways are taken", () => {
    const team = { local: false };
    for (const text of [
      "https://github.com/x",
      "ssh://git@github.com/x",
      "git@github.com:x",
      "https://8.8.8.8/x",
    ])
      expect(parseGitUrl(text, team).url).toBe(text);
    for (const text of [
      "http://github.com/x",
      "file:///x",
      "/x",
      "https://localhost/x",
      "git@127.1:x",
      "https://[::1]/x",
    ])
      expect(() => parseGitUrl(text, team)).toThrow("not allowed here");
  });

  test.each([
    ["127.0.0.1", true],
    ["127.1", true],
    ["0x7f000001", true],
    ["2130706433", true],
    ["0177.0.0.1", true],
    ["10.1.2.3", true],
    ["172.20.0.1", true],
    ["192.168.1.1", true],
    ["169.254.169.254", true],
    ["100.64.0.1", true],
    ["0.0.0.0", true],
    ["224.0.0.1", true],
    ["[::]", true],
    ["[::ffff:127.0.0.1]", true],
    ["[::ffff:7f00:1]", true],
    ["[fe80::1]", true],
    ["[fd00::1]", true],
    ["localhost", true],
    ["a.localhost", true],
    ["printer", true],
    ["nas.local", true],
    ["metadata.google.internal", true],
    ["localhost.", true],
    ["8.8.8.8", false],
    ["172.32.0.1", false],
    ["[2606:4700::1111]", false],
    ["github.com", false],
    ["github.com.", false],
  ])("%s is private: %s", (host, expected) => {
    expect(isPrivateHost(host)).toBe(expected);
  });
});

describe("refs", () => {
  test.each([
    "main",
    "feature/x",
    "v1.0",
    "a-b_c+d",
    "fix#12",
    "$(id)",
    "a;b|c&d",
    "'x'",
    '"x"',
    "ünï",
    "@a",
    "a@b",
    "0a1b2c3",
  ])("%s", (ref) => expect(checkGitRef(ref)).toBe(ref));

  test.each([
    "",
    "-f",
    "--upload-pack=x",
    "a..b",
    "a b",
    "a\nb",
    "a\u007fb",
    "a\u202eb",
    "a~1",
    "a^",
    "a:b",
    "a?",
    "a*",
    "a[b",
    "a\\b",
    "a@{1}",
    "@",
    "a.lock",
    "a.lock/b",
    "a/",
    "/a",
    "a//b",
    ".a",
    "a/.b",
    "a.",
    "x".repeat(256),
    7,
    null,
  ])("refused: %j", (ref) => {
    expect(() => checkGitRef(ref)).toThrow(expect.objectContaining({ code: "invalid-input" }));
  });

  test("stand behind # on the command line", () => {
    expect(parseGitSource("https://h.test/x#fix#12")).toMatchObject({
      url: "https://h.test/x",
      ref: "fix#12",
    });
    expect(parseGitSource("https://h.test/x#")).toMatchObject({ ref: null });
    expect(parseGitSource("git@h.test:x")).toMatchObject({ url: "git@h.test:x", ref: null });
    expect(() => parseGitSource("https://h.test/x#-f")).toThrow("begins with a hyphen");
  });
});

describe("credentials", () => {
  const check =
    (credential: unknown, protocol = "https") =>
    () =>
      checkGitCredential(credential as Parameters<typeof checkGitCredential>[0], {
        protocol: protocol as "https",
      });

  test("fit their address, and are nothing else", () => {
    expect(check(token("a", "b"))).not.toThrow();
    expect(check(token("a", ""), "http")).not.toThrow();
    expect(check(token("a", "b"), "ssh")).toThrow("fits only an https address");
    expect(check(token("a", "b"), "file")).toThrow("fits only an https address");
    expect(check(token("", ""))).toThrow("are empty");
    expect(check(token("a", "s3cret\nhost=evil.test"))).toThrow(/^(?!.*s3cret).*control characters/);
    expect(check(token("a", "x".repeat(5_000)))).toThrow("longer than");
  });
});

test.each([
  [undefined, ""],
  ["", ""],
  [".", ""],
  ["./", ""],
  ["api", "api"],
  ["./services/api/", "services/api"],
])("sub-folder %j", (value, expected) => expect(checkSubfolder(value)).toBe(expected));

test.each(["..", "../x", "a/../b", "/etc", "a\\b", "a\u0000b", "a//b", 7])(
  "refused sub-folder %j",
  (value) => {
    expect(() => checkSubfolder(value)).toThrow(expect.objectContaining({ code: "invalid-path" }));
  },
);
