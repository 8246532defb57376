import { describe } from "vitest";
import { toolchainBench, toolchainContract } from "../../../test/contracts/toolchain.ts";
import { createNode } from "./index.ts";

const bench = toolchainBench();

describe("node", () => {
  toolchainContract(createNode, bench, [
    {
      fixture: "express-app",
      expected: {
        framework: "express",
        run: "NODE_ENV=production node server.js",
        listens: "required",
        check: { type: "http", path: "/health" },
      },
      answers: "200 from express-app in production",
    },
    {
      fixture: "express-app",
      hints: { run: "npm start" },
      expected: { framework: "express", run: "npm start", listens: "required" },
      answers: "200 from express-app in production",
    },
    {
      fixture: "node-plain",
      expected: { framework: null, run: "node server.mjs", listens: "required" },
      answers: "200 from node-plain",
    },
  ]);
});
