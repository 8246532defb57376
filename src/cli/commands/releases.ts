// `gantry releases`: what was deployed of an app, and what changed from one to the next.
import { harmless } from "../../lib/harmless-text.ts";
import { command } from "../command.ts";
import { changeLines } from "../deploy/change-lines.ts";
import { releaseColumns, releaseRow } from "../deploy/release-table.ts";
import { Failure } from "../failure.ts";
import { oneLine } from "../one-line.ts";
import { size } from "../quantity.ts";
import { releaseNumber } from "../release-number.ts";
import type { Session } from "../session.ts";

const MAX = 1_000_000_000;

const number = (summary: string) =>
  ({ type: "number", value: "release", min: 1, max: MAX, summary }) as const;

export default command({
  description:
    "Newest first. serving: it serves now; good: it was ready once; failed: its deploy failed; kept: it was never tried. As many as GANTRY_RELEASE_RETENTION says are kept, and those that are pinned.",
  arguments: [{ name: "app", summary: "its name", required: true, complete: "app" }],
  options: {
    diff: { type: "text", value: "a[:b]", summary: "what release a changed, or what changed from a to b" },
    files: number("the files of a release"),
    pin: number("keep a release for good"),
    unpin: number("let a release go when its time has come"),
  },
  examples: [
    { line: "gantry releases notes", what: "all that are kept" },
    { line: "gantry releases notes --diff 3", what: "what release 3 changed" },
    { line: "gantry releases notes --diff 1:4", what: "what changed from 1 to 4" },
  ],
  async run({ args: [id = ""], options }, session) {
    const given = Object.keys(options).filter((name) => options[name as keyof typeof options] !== undefined);
    const wishes = given.filter((name) => ["diff", "files", "pin", "unpin"].includes(name));
    if (wishes.length > 1)
      throw new Failure("usage", `releases takes one of --${wishes.join(" and --")}`, {
        code: "invalid-option",
      });
    const { diff, files, pin, unpin } = options;
    if (diff !== undefined) return await showDiff(id, diff, session);
    if (files !== undefined) return await showFiles(id, files, session);
    if (pin !== undefined) return await setPin(id, pin, "pin", session);
    if (unpin !== undefined) return await setPin(id, unpin, "unpin", session);
    await list(id, session);
  },
});

async function list(id: string, session: Session): Promise<void> {
  const { out } = session;
  const { releases } = await session.daemon().request("GET", "/api/apps/{id}/versions", { params: { id } });
  if (out.json) return out.document({ releases });
  if (releases.length === 0) return out.note(`${harmless(id)} has no release yet.`);
  if (out.quiet) return out.print(releases.map((each) => each.number).join("\n"));
  const now = Date.now();
  await out.table(
    releaseColumns,
    releases.map((row) => releaseRow(row, now)),
  );
  if (releases.some(({ pinned }) => pinned)) out.note("* pinned: kept for good.");
}

async function showDiff(id: string, text: string, session: Session): Promise<void> {
  const { out } = session;
  const [first = "", second, ...more] = text.split(":");
  const a = releaseNumber(more.length > 0 ? text : first, "diff");
  const b = second === undefined ? undefined : releaseNumber(second, "diff");
  const answer = await session.daemon().request("GET", "/api/apps/{id}/versions/{n}/diff", {
    params: { id, n: b ?? a },
    query: b === undefined ? {} : { with: a },
  });
  const { from, to, changes } = answer;
  if (out.json) return out.document(answer);
  if (out.quiet)
    return changes.length === 0 ? undefined : out.print(changes.map(({ path }) => oneLine(path)).join("\n"));
  const files = changes.length === 1 ? "1 file" : `${changes.length} files`;
  out.note(
    from === null ? `Release ${to} is the first one: ${files}.` : `From release ${from} to ${to}: ${files}.`,
  );
  for (const line of changeLines(changes, out.paint)) out.verbatim(line);
}

async function showFiles(id: string, release: number, session: Session): Promise<void> {
  const { out } = session;
  const query = { release };
  const answer = await session.daemon().request("GET", "/api/apps/{id}/files", { params: { id }, query });
  if (out.json) return out.document(answer);
  if (out.quiet) return out.print(answer.files.map(({ path }) => oneLine(path)).join("\n"));
  await out.table(
    [{ head: "FILE", shrinkTo: 20 }, { head: "SIZE", align: "right" }, { head: "" }],
    answer.files.map(({ path, bytes, executable }) => [
      oneLine(path),
      size(bytes),
      executable ? "executable" : "",
    ]),
  );
  out.note(
    `${answer.files.length === 1 ? "1 file" : `${answer.files.length} files`}, ${size(answer.bytes)}.`,
  );
}

async function setPin(id: string, n: number, verb: "pin" | "unpin", session: Session): Promise<void> {
  const { out } = session;
  const daemon = session.daemon();
  await daemon.start();
  const release = await daemon.request("POST", `/api/apps/{id}/versions/{n}/${verb}`, { params: { id, n } });
  if (out.json) return out.document(release);
  if (out.quiet) return;
  const what = verb === "pin" ? "is kept for good" : "goes when its time has come";
  out.print(`Release ${n} of ${harmless(id)} ${what}.`);
}
