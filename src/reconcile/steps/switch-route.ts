// Points the app's host names at the given instances, in one swap.
import type { App } from "../../domain/app.ts";
import type { Workshop } from "../workshop.ts";

export async function switchRoute(
  shop: Workshop,
  app: App,
  { instanceIds }: { instanceIds: string[] },
): Promise<void> {
  shop.state.routed.set(app.id, new Set(instanceIds));
  await shop.routes.publish(app.id);
  const { context } = shop;
  const message = instanceIds.length === 0 ? "no instance serves" : `served by ${instanceIds.join(", ")}`;
  void context.store.record({
    events: [{ type: "route.switched", appId: app.id, actor: "daemon", message, data: { instanceIds } }],
  });
}
