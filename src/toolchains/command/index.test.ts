import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toolchainBench, toolchainContract } from "../../../test/contracts/toolchain.ts";
import { serveBuild } from "../../../test/helpers/serve-build.ts";
import { createCommand } from "./index.ts";

const bench = toolchainBench();
const command = createCommand();

describe("command", () => {
  toolchainContract(createCommand, bench, [
    {
      fixture: "procfile",
      expected: {
        run: "GREETING=procfile sh serve.sh $PORT",
        listens: "required",
        evidence: ["Procfile: web", "Procfile has other processes, which are not run: worker"],
      },
      prints: "from procfile on ",
    },
    {
      fixture: "procfile",
      hints: { run: "GREETING='the owner' sh serve.sh 1" },
      expected: { listens: "optional" },
      prints: "from the owner on 1",
    },
  ]);

  it("refuses what only a shell can do, and says so", async () => {
    const dir = bench.copy("procfile");
    const hints = { entry: null, run: "echo one && echo two" };
    const detection = await command.detect(dir, hints);
    await expect(command.build(bench.order(dir, detection!, { hints }))).rejects.toMatchObject({
      code: "invalid-setting",
      message: "run: the operator && needs shell: true",
    });
  });

  it("uses a shell where the owner asks for one, with the further words quoted", async () => {
    const dir = bench.copy("procfile");
    const hints = { entry: null, run: "echo one && echo" };
    const detection = await command.detect(dir, hints);
    const order = bench.order(dir, detection!, { hints, shell: true, args: ["it's", "$(two)"] });
    const app = await serveBuild(await command.build(order), dir);
    await expect.poll(() => app.output()).toBe("one\nit's $(two)\n");
    await app.stop();
  });

  it("runs a Procfile's line in a shell when it needs one", async () => {
    const dir = bench.copy("procfile");
    writeFileSync(join(dir, "Procfile"), "web: echo a; echo b\n");
    const detection = await command.detect(dir, { entry: null, run: null });
    const app = await serveBuild(await command.build(bench.order(dir, detection!)), dir);
    await expect.poll(() => app.output()).toBe("a\nb\n");
    await app.stop();
  });

  it("says which program is missing", async () => {
    const dir = bench.copy("procfile");
    for (const [run, reason] of [
      ["gantry-no-such --x", "the program gantry-no-such was not found on this machine"],
      ["./no-such.sh", "./no-such.sh does not exist or may not be executed"],
      ["./serve.sh", "./serve.sh does not exist or may not be executed"],
    ] as const) {
      const hints = { entry: null, run };
      const detection = await command.detect(dir, hints);
      await expect(command.build(bench.order(dir, detection!, { hints }))).rejects.toMatchObject({
        code: "build-failed",
        message: reason,
      });
    }
  });
});
