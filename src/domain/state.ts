// The one word that tells how an app is, computed from facts.

export type AppState =
  | "uploaded"
  | "installing"
  | "installed"
  | "starting"
  | "running"
  | "unhealthy"
  | "stopping"
  | "stopped"
  | "failed"
  | "backing-off"
  | "sleeping"
  | "disabled"
  | "deleted"
  | "unknown";
