// What a deployment does while one waits for it: its stages, and what it prints; drawn in place on a terminal, else line by line.
import type { DeploymentView } from "../../domain/deployment-view.ts";
import { harmless } from "../../lib/harmless-text.ts";
import type { Output } from "../output.ts";
import { measureFor, truncate } from "../table.ts";
import { write } from "../write.ts";
import { stageLine } from "./stage-line.ts";

const FRAME_MS = 100;
const SPINNER = [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
/** Lines of output below the stages. */
const TAIL = 4;
/** As many rows does a terminal need to be drawn on. */
const ROWS = 7 + TAIL + 2;
/** A line of a deployment's log that tells only which stage begins. */
const HEAD = "== ";

export interface StagesShown {
  show(deployment: DeploymentView): void;
  lines(texts: string[]): void;
  /** Leaves what is to be left on the screen; may be called twice. */
  end(): void;
}

/** Null where nobody looks: with --json and --quiet. */
export function showStages(out: Output): StagesShown | null {
  if (out.json || out.quiet) return null;
  return out.terminal.live && (process.stderr.rows || 24) >= ROWS ? inPlace(out) : lineByLine(out);
}

function lineByLine(out: Output): StagesShown {
  let told = 0;
  return {
    show({ stages }) {
      // Another daemon has begun anew.
      if (stages.length < told) told = 0;
      for (const stage of stages.slice(told)) {
        if (stage.state === "running") break;
        out.note(stageLine(stage, { paint: out.paint, now: Date.now() }));
        told++;
      }
    },
    lines(texts) {
      for (const text of texts) if (!text.startsWith(HEAD)) out.note(`    ${harmless(text)}`);
    },
    end() {},
  };
}

function inPlace(out: Output): StagesShown {
  let deployment: DeploymentView | undefined;
  let tail: string[] = [];
  let frame = 0;
  let drawn = 0;
  let ended = false;
  let measure = (text: string) => text.length;
  void measureFor("✓").then((exact) => {
    measure = exact;
  });
  const draw = () => {
    const width = (process.stderr.columns || 80) - 1;
    const spinner = SPINNER[frame++ % SPINNER.length] ?? "";
    const look = { paint: out.paint, now: Date.now(), width, measure, ...(!ended && { spinner }) };
    const stages = deployment?.stages ?? [];
    const lines = stages.map((stage) => stageLine(stage, look));
    if (stages.length === 0 && !ended) lines.push(`${spinner} waiting for its turn`);
    const cut = (text: string) => out.paint(truncate(`    ${text}`, width, measure), "grey");
    if (!ended) lines.push(...tail.map(cut));
    const up = drawn > 0 ? `\r\x1b[${drawn}A` : "\r";
    write(2, `${up}${lines.map((line) => `${line}\x1b[K\n`).join("")}\x1b[J`);
    drawn = lines.length;
  };
  const timer = setInterval(draw, FRAME_MS);
  return {
    show(now) {
      deployment = now;
      if (now.state !== "building") tail = [];
    },
    lines(texts) {
      for (const text of texts) tail = text.startsWith(HEAD) ? [] : [...tail, harmless(text)].slice(-TAIL);
    },
    end() {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      draw();
    },
  };
}
