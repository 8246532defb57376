import { describe, expect, it } from "vitest";
import { pipfileLines, pipfileLockLines } from "./pipfile.ts";
import { poetryLockLines } from "./poetry-lock.ts";
import { pyprojectLines, specifier } from "./pyproject.ts";

const HASH = "0".repeat(64);
const PROJECT = `
[tool.poetry.dependencies]
python = "^3.9"
flask = { version = "^2.3", extras = ["async"] }
local = { path = "../local" }
maybe = { version = "*", optional = true }
[tool.poetry.group.dev.dependencies]
pytest = "*"
`;
const pack = (name: string, version: string, more = "") =>
  `[[package]]\nname = "${name}"\nversion = "${version}"\npython-versions = ">=3.8"\nfiles = [{file = "x", hash = "sha256:${HASH}"}]\n${more}\n`;
const LOCK = [
  pack(
    "flask",
    "2.3.3",
    '[package.dependencies]\nasgiref = {version = ">=3.2", optional = true}\ndotenv = {version = "*", optional = true}\nWerkzeug = ">=2.3"\ncolorama = {version = "*", markers = "sys_platform == \'win32\'"}\n[package.extras]\nasync = ["asgiref (>=3.2)"]\ndotenv = ["dotenv"]',
  ),
  pack("asgiref", "3.7.2"),
  pack("dotenv", "1.0"),
  pack("werkzeug", "2.3.8", '[package.dependencies]\nMarkupSafe = ">=2.1.1"'),
  pack("markupsafe", "2.1.5"),
  pack("colorama", "0.4.6"),
  pack("pytest", "8.0"),
].join("\n");

describe("poetry.lock", () => {
  it("gives the main packages with their markers and hashes, not those of other groups and extras", () => {
    const hash = ` --hash=sha256:${HASH}`;
    expect(poetryLockLines(LOCK, PROJECT, "3.11.7")).toEqual([
      `asgiref==3.7.2${hash}`,
      `colorama==0.4.6 ; (sys_platform == 'win32')${hash}`,
      `flask==2.3.3${hash}`,
      `markupsafe==2.1.5${hash}`,
      `werkzeug==2.3.8${hash}`,
    ]);
  });

  it("leaves all hashes out when a package has none", () => {
    const git =
      '[package.source]\ntype = "git"\nurl = "https://git.example/werkzeug"\nresolved_reference = "abc"';
    const lock = LOCK.replace(
      /name = "werkzeug"[\s\S]*?files = .*\n/,
      `name = "werkzeug"\nversion = "2.3.8"\n${git}\n`,
    );
    expect(poetryLockLines(lock, PROJECT, "3.11.7")).toContain(
      "werkzeug @ git+https://git.example/werkzeug@abc",
    );
    expect(poetryLockLines(lock, PROJECT, "3.11.7")?.join()).not.toContain("--hash");
  });

  it("chooses the version for this Python", () => {
    const two = `${LOCK}${pack("markupsafe", "3.0.0").replace(">=3.8", ">=3.12")}`;
    expect(poetryLockLines(two, PROJECT, "3.11.7")?.join()).toContain("markupsafe==2.1.5");
    expect(poetryLockLines(two, PROJECT, "3.12.0")?.join()).toContain("markupsafe==3.0.0");
  });

  it("is passed over when it can't be read", () => {
    expect(poetryLockLines("[[package", PROJECT, "3.11.7")).toBeNull();
  });
});

describe("pyproject.toml", () => {
  it("gives Poetry's dependencies as others write them", () => {
    expect(pyprojectLines(PROJECT)).toEqual(["flask[async]>=2.3,<3", "./../local"]);
  });

  it("gives those of PEP 621", () => {
    expect(pyprojectLines('[project]\ndependencies = ["a>1", "b ; python_version < \'3\'"]')).toEqual([
      "a>1",
      "b ; python_version < '3'",
    ]);
    expect(pyprojectLines("[project]\nname='x'")).toEqual([]);
    expect(pyprojectLines("[tool.black]\nline-length = 100")).toBeNull();
    expect(pyprojectLines("[broken")).toBeNull();
  });

  it.each([
    ["*", ""],
    ["^1.2.3", ">=1.2.3,<2"],
    ["^0.2.3", ">=0.2.3,<0.3"],
    ["^0.0.3", ">=0.0.3,<0.0.4"],
    ["~1.2.3", ">=1.2.3,<1.3"],
    ["~1", ">=1,<2"],
    ["1.2", "==1.2"],
    [">=1, <2", ">=1,<2"],
    ["~=1.4", "~=1.4"],
  ])("constraint %s", (constraint, expected) => {
    expect(specifier(constraint)).toBe(expected);
  });
});

describe("Pipenv", () => {
  it("gives the default packages of the lock", () => {
    const lock = JSON.stringify({
      default: {
        flask: { version: "==2.3.3", extras: ["async"], hashes: ["sha256:0"] },
        colorama: { version: "==0.4", markers: "sys_platform == 'win32'" },
        tool: { git: "https://git.example/tool", ref: "abc" },
      },
      develop: { pytest: { version: "==8" } },
    });
    expect(pipfileLockLines(lock)).toEqual([
      "flask[async]==2.3.3",
      "colorama==0.4 ; sys_platform == 'win32'",
      "tool @ git+https://git.example/tool@abc",
    ]);
    expect(pipfileLockLines("{")).toBeNull();
  });

  it("gives the wishes of the Pipfile", () => {
    expect(pipfileLines('[packages]\nflask = "*"\nsix = "==1.16"\n[dev-packages]\npytest = "*"')).toEqual([
      "flask",
      "six==1.16",
    ]);
  });
});
