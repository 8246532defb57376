// Failed requests while an app that knows nothing of it is restarted again and again.
import { pythonApp } from "../test/helpers/apps.ts";
import { startLoad } from "../test/helpers/load.ts";
import { pause } from "../test/helpers/until.ts";
import type { Bench, Row } from "./bench.ts";
import { withGantry } from "./with-gantry.ts";

export const bench: Bench = {
  name: "restarts",
  what: "failed requests in restarts at 200 requests/s",
  run: ({ quick, note }) =>
    withGantry(async (gantry) => {
      await gantry.up({ web: pythonApp({ env: { PER_SECOND: "0" } }) });
      const restarts = quick ? 5 : 50;
      const rows: Row[] = [];
      for (const keepAlive of [false, true]) {
        const load = startLoad(gantry.at("web"), { perSecond: 200, keepAlive });
        for (let i = 0; i < restarts; i++) {
          await pause(300);
          const { status } = await gantry.api("POST", "/api/apps/web/restart");
          if (status >= 300) throw new Error(`restart answered ${status}`);
          await pause(700);
        }
        const { sent, failures } = await load.end();
        for (const failure of failures.slice(0, 5)) note(`  ${failure}`);
        rows.push({
          figure: `failed of ${sent} requests, ${restarts} restarts, ${keepAlive ? "kept" : "new"} connections`,
          gantry: failures.length,
          unit: "",
          bare: null,
          target: "0",
          reached: failures.length === 0,
        });
      }
      return rows;
    }),
};
