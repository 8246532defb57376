// The tools of the loop, as its steps get them.
import type { Context } from "../context.ts";
import type { HealthWatch } from "./health.ts";
import type { RoutePublisher } from "./routes.ts";
import type { Standbys } from "./standbys.ts";
import type { WorkingState } from "./working-state.ts";

/** What steps work with. */
export interface Workshop {
  context: Context;
  state: WorkingState;
  health: HealthWatch;
  routes: RoutePublisher;
  standbys: Standbys;
}
