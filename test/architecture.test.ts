// The house rules that no linter knows: who imports whom (the table in ARCHITECTURE.md), names, sizes, no shell.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { type ImportRule, parseImportTable } from "./helpers/import-table.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const files = (...patterns: string[]) => globSync(patterns, { cwd: ROOT }).sort();
const isTest = (path: string) => path.endsWith(".test.ts");

/** Files above 300 lines, each with its reason. */
const LONG_FILES: Record<string, string> = {
  "src/client/types.ts": "generated from openapi.json",
};

/** The only places that may start a shell, each with its reason. */
const SHELLS: Record<string, string> = {};

const SOURCES = files("src/**/*.ts");
const CODE = SOURCES.filter((path) => !isTest(path));

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

/** `src/api/server.ts` → `api`, `src/daemon.ts` → `daemon.ts`. */
const roomOf = (path: string): string => relative("src", path).split("/")[0] ?? "";

function specifiers(source: ts.SourceFile): { text: string; typeOnly: boolean }[] {
  const found: { text: string; typeOnly: boolean }[] = [];
  const add = (node: ts.Expression | undefined, typeOnly: boolean) => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push({ text: node.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal as ts.Expression, true);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  if (clause.name !== undefined || named === undefined || !ts.isNamedImports(named)) return false;
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly);
}

const parse = (path: string) => ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
const parsed = new Map(CODE.map((path) => [path, parse(path)]));

const IMPORTS: Import[] = CODE.flatMap((from) =>
  specifiers(parsed.get(from)!)
    .filter(({ text }) => text.startsWith("."))
    .map(({ text, typeOnly }) => ({ from, to: join(dirname(from), text), typeOnly })),
);

describe("imports", () => {
  const table = parseImportTable(read("ARCHITECTURE.md"));

  function complaint({ from, to, typeOnly }: Import): string | null {
    if (!to.startsWith("src/"))
      return to.endsWith("package.json") ? null : `${from} reaches out of src: ${to}`;
    const [own, other] = [roomOf(from), roomOf(to)];
    if (own === other) return null;
    const rule: ImportRule | undefined = table.get(own);
    if (rule === undefined) return `${from}: ${own} is not in the table of ARCHITECTURE.md`;
    if (rule.everything) return null;
    const allowed = rule.rooms.get(other);
    if (allowed === undefined) return `${from} may not import ${to}`;
    if (allowed === "types" && !typeOnly) return `${from} may import only types from ${to}`;
    return null;
  }

  test("follow the table in ARCHITECTURE.md", () => {
    expect(table.size).toBeGreaterThan(5);
    expect(IMPORTS.length).toBeGreaterThan(0);
    expect(IMPORTS.map(complaint).filter((each) => each !== null)).toEqual([]);
  });

  test("form no circle of rooms, and no circle of files", () => {
    const rooms = IMPORTS.filter(({ to }) => to.startsWith("src/"));
    expect(circle(rooms.map(({ from, to }) => [roomOf(from), roomOf(to)]))).toBeNull();
    expect(circle(rooms.filter((each) => !each.typeOnly).map(({ from, to }) => [from, to]))).toBeNull();
  });

  test("end in .ts, so that Node runs the source as it is", () => {
    expect(
      IMPORTS.filter(({ to }) => !/\.(ts|tsx|json)$/.test(to)).map(({ from, to }) => `${from}: ${to}`),
    ).toEqual([]);
  });
});

/** The first circle found, as a path, or null. */
function circle(edges: [string, string][]): string | null {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) if (from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  const done = new Set<string>();
  const walk = (node: string, path: string[]): string | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node].join(" → ");
    if (done.has(node)) return null;
    for (const target of next.get(node) ?? []) {
      const found = walk(target, [...path, node]);
      if (found !== null) return found;
    }
    done.add(node);
    return null;
  };
  for (const node of next.keys()) {
    const found = walk(node, []);
    if (found !== null) return found;
  }
  return null;
}

describe("names", () => {
  test("of files are kebab-case words", () => {
    const all = files("src/**/*", "scripts/**/*", "bench/**/*.ts", "test/**/*.ts").filter((path) =>
      /\.[a-z]+$/.test(path),
    );
    const bad = all.filter((path) => {
      const name = path.split("/").at(-1) ?? "";
      if (name.endsWith(".py")) return !/^[a-z0-9_]+\.py$/.test(name);
      return !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.[a-z]+)*$/.test(name);
    });
    expect(bad).toEqual([]);
  });

  test("say what a thing is: no utils, no Manager, Service, Helper, Util, Base or I-prefix", () => {
    const bad: string[] = SOURCES.filter((path) => /(^|\/)(utils?|helpers?|common|misc)(\.ts|\/)/.test(path));
    for (const [path, source] of parsed) {
      ts.forEachChild(source, function visit(node) {
        const named = node as ts.Node & { name?: ts.Node };
        const isType =
          ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
        const name = isType && named.name !== undefined && ts.isIdentifier(named.name) ? named.name.text : "";
        if (/(Manager|Service|Helper|Utils?|Base|Impl)$/.test(name) || /^I[A-Z][a-z]/.test(name))
          bad.push(`${path}: ${name}`);
        ts.forEachChild(node, visit);
      });
    }
    expect(bad).toEqual([]);
  });
});

describe("files", () => {
  test("begin with one comment line that says what they are for", () => {
    const written = [...CODE, ...files("scripts/*.ts", "bench/*.ts", "test/helpers/*.ts")].filter(
      (path) => !isTest(path),
    );
    const bad = written.filter((path) => {
      const first =
        read(path)
          .split("\n")
          .find((line) => !line.startsWith("#!")) ?? "";
      return !/^\/\/ .{10,}/.test(first) && path !== "src/client/types.ts";
    });
    expect(bad).toEqual([]);
    expect(files("src/**/*.py").filter((path) => !/^(#|"""|#!.*\n#) ?.{10,}/.test(read(path)))).toEqual([]);
  });

  test("have at most 300 lines, or a reason", () => {
    const written = [...CODE, ...files("src/**/*.py", "scripts/**/*.ts", "bench/**/*.ts", "test/**/*.ts")];
    const long = written.filter((path) => read(path).trimEnd().split("\n").length > 300);
    expect(long.filter((path) => LONG_FILES[path] === undefined)).toEqual([]);
    const gone = Object.keys(LONG_FILES).filter((path) => !written.includes(path) && CODE.length > 100);
    expect(gone).toEqual([]);
  });
});

test("no shell is started but by the listed files", () => {
  const bad: string[] = [];
  for (const [path, source] of parsed) {
    if (SHELLS[path] !== undefined) continue;
    const complain = (node: ts.Node) => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      bad.push(`${path}:${line + 1}: ${node.getText(source).split("\n")[0]}`);
    };
    ts.forEachChild(source, function visit(node) {
      const called =
        ts.isCallExpression(node) && ts.isIdentifier(node.expression) ? node.expression.text : "";
      if (called === "exec" || called === "execSync") complain(node);
      const isShell = ts.isPropertyAssignment(node) && node.name.getText(source) === "shell";
      if (isShell && node.initializer.kind !== ts.SyntaxKind.FalseKeyword && startsProcess(node))
        complain(node);
      ts.forEachChild(node, visit);
    });
  }
  expect(bad).toEqual([]);
});

/** Is this property part of the options of a call that starts a process? */
function startsProcess(property: ts.PropertyAssignment): boolean {
  const call = property.parent.parent;
  return (
    ts.isCallExpression(call) &&
    /\b(spawn|execFile|fork|spawnSync|execFileSync)$/.test(call.expression.getText())
  );
}
