// Events in JSON.
import * as z from "zod";
import type { Context } from "../../context.ts";
import type { GantryEvent } from "../../domain/event.ts";
import { Time } from "./parts.ts";

export const Event = z
  .object({
    id: z.int().describe("Rises by one"),
    at: Time,
    type: z.string().describe("For example instance.ready"),
    appId: z.string().nullable(),
    app: z.string().nullable().describe("Name of the app; null for events of Gantry itself"),
    actor: z.string(),
    message: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Event" });

export const showEvent = ({ store }: Context, event: GantryEvent): z.infer<typeof Event> => ({
  id: event.id,
  at: new Date(event.at).toISOString(),
  type: event.type,
  appId: event.appId,
  app: event.appId === null ? null : (store.apps.get(event.appId)?.name ?? null),
  actor: event.actor,
  message: event.message,
  data: event.data ?? {},
});
