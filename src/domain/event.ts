// Facts that happened: who, what, when, why.

/** Who caused it: `cli`, `web`, `api`, `daemon`, later a person's name. */
export type Actor = string;

export type EventType =
  | "app.registered"
  | "app.updated"
  | "app.deleted"
  | "app.restored"
  | "app.started"
  | "app.stopped"
  | "app.restarted"
  | "app.enabled"
  | "app.disabled"
  | "app.failed"
  | "app.kept"
  | "build.started"
  | "build.finished"
  | "build.failed"
  | "draft.saved"
  | "draft.discarded"
  | "deployment.started"
  | "deployment.stage"
  | "deployment.finished"
  | "deployment.failed"
  | "deployment.cancelled"
  | "deployment.superseded"
  | "release.created"
  | "release.reverted"
  | "release.pinned"
  | "release.unpinned"
  | "release.removed"
  | "backup.made"
  | "backup.skipped"
  | "instance.created"
  | "instance.ready"
  | "instance.unhealthy"
  | "instance.healthy"
  | "instance.stopping"
  | "instance.ended"
  | "instance.adopted"
  | "execution.started"
  | "execution.finished"
  | "execution.failed"
  | "route.switched"
  | "daemon.started"
  | "daemon.stopped"
  | "store.restored";

export interface NewEvent {
  type: EventType;
  /** Null for events of Gantry itself. */
  appId: string | null;
  actor: Actor;
  /** One sentence for people. */
  message: string;
  data?: Record<string, unknown>;
}

export interface GantryEvent extends NewEvent {
  /** Rises by one; the position in the log. */
  id: number;
  /** Epoch milliseconds. */
  at: number;
}

/** News that is shown live but not stored, e.g. one line of a build. */
export interface Progress {
  appId: string;
  stage: string;
  message: string;
}
