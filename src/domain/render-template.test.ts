// From the files of a template to the files of an app.
import { expect, test } from "vitest";
import { renderTemplate } from "./render-template.ts";
import type { TemplateFile } from "./template.ts";
import { parseTemplate } from "./template-file.ts";

function render(files: Record<string, string | Buffer>, description: string, withManifest = false) {
  const all = new Map<string, TemplateFile>(
    Object.entries(files).map(([path, text]) => [
      path,
      { content: Buffer.from(text), executable: path.endsWith(".sh") },
    ]),
  );
  const template = parseTemplate(
    { description, manifest: null, name: "t", place: "t" },
    { domain: "localhost" },
  );
  const rendered = renderTemplate(all, template, { name: "blog", place: "t", withManifest });
  return Object.fromEntries([...rendered].map(([path, { content }]) => [path, content.toString()]));
}

test("only listed files are filled, and only {{name}}", () => {
  const text = "{{name}} {{ name }} {{title}} {{name}}";
  expect(
    render(
      {
        "template.yaml": "x",
        "a.md": text,
        "b.md": text,
        "run.sh": "",
        gitignore: "x",
        "sub/gitignore": "y",
      },
      "placeholders: [a.md]",
    ),
  ).toEqual({
    ".gitignore": "x",
    "a.md": "blog {{ name }} {{title}} blog",
    "b.md": text,
    "run.sh": "",
    "sub/.gitignore": "y",
  });
});

test("a gantry.yaml where it is asked for, in place of the template's", () => {
  const files = { "gantry.yml": "old", "gantry.yaml": "old", a: "", gitignore: "1", ".gitignore": "2" };
  const expected = { a: "", gitignore: "1", ".gitignore": "2" };
  expect(render(files, "title: x")).toEqual(expected);
  expect(render(files, "config: { port: none }", true)).toEqual({
    ...expected,
    "gantry.yaml": "name: blog\nport: none\n",
  });
});

test.each([
  ["../out", { a: "" }, '"../out", which is no file of the app'],
  ["/etc/passwd", { a: "" }, '"/etc/passwd", which is no file'],
  ["template.yaml", { "template.yaml": "", a: "" }, '"template.yaml", which is no file'],
  ["a", { a: Buffer.from([0xff, 0xfe]) }, '"a", which is no text'],
  ["a", { a: "x\0y" }, '"a", which is no text'],
])("refuses the placeholder %s", (path, files, message) => {
  const broken = () => render(files as Record<string, string>, `placeholders: ["${path}"]`);
  expect(broken).toThrow(expect.objectContaining({ code: "invalid-template" }));
  expect(broken).toThrow(message);
});

test("refuses a template of nothing", () => {
  expect(() => render({ "template.yaml": "" }, "title: x")).toThrow("there is no file in it");
});
