// The scripted engine keeps the contract of engines and does as it is told.
import { describe, expect, it } from "vitest";
import { engineContract, type Program } from "../../../test/contracts/engine.ts";
import type { LaunchOrder } from "../../domain/engine.ts";
import { type Behaviour, createMemoryEngine, MemoryWorld } from "./memory-engine.ts";

const order = (instanceId: string, argv: string[] = ["idle"]): LaunchOrder => ({
  instanceId,
  argv,
  cwd: "/",
  env: {},
  logFile: "/dev/null",
  resources: { cpu: null, memoryBytes: null, pids: null },
});

const BEHAVIOURS: Record<Program["kind"], (detail: string) => Behaviour> = {
  idle: () => ({}),
  exits: (code) => ({ endsWith: { code: Number(code), signal: null } }),
  crashes: () => ({ endsWith: { code: null, signal: "KILL" } }),
  "ignores-term": () => ({ ignoresSignals: true }),
  missing: () => ({ startFails: "the command was not found" }),
  listens: (port) => ({ port: "own", listensOn: [Number(port)] }),
};

engineContract("memory", async () => {
  const world = new MemoryWorld();
  const behave = ({ argv: [kind, detail] }: LaunchOrder) => BEHAVIOURS[kind as Program["kind"]](detail ?? "");
  const make = () => createMemoryEngine({ world, behave });
  return {
    engine: make(),
    another: make,
    deaf: async () => {},
    order: (id, program) => order(id, [program.kind, "code" in program ? String(program.code) : ""]),
    dispose: async () => {},
  };
});

describe("script", () => {
  it("lets an instance end and its port change hands", async () => {
    const engine = createMemoryEngine();
    const handle = await engine.start(order("a"));
    expect(engine.portOwner("a", handle)).toBe("none");
    engine.set("a", { port: "stranger" });
    expect(engine.portOwner("a", handle)).toBe("stranger");
    engine.end("a", { code: 7, signal: null });
    expect(engine.inspect("a", handle)).toEqual({ status: "ended", exit: { code: 7, signal: null } });
    expect(engine.running()).toEqual([]);
  });

  it("knows nothing and does nothing while it is blind", async () => {
    const engine = createMemoryEngine();
    const handle = await engine.start(order("a"));
    engine.blind("the plug is out");
    expect(engine.inspect("a", handle)).toEqual({ status: "unknown", reason: "the plug is out" });
    expect(engine.portOwner("a", handle)).toBe("unknown");
    await expect(engine.start(order("b"))).rejects.toMatchObject({ code: "engine-unavailable" });
    await expect(engine.adopt([])).rejects.toMatchObject({ code: "engine-unavailable" });
    engine.blind(null);
    expect(engine.inspect("a", handle)).toMatchObject({ status: "running" });
  });
});
