// Waits until a deployment that starts nothing is over.
import type { DeploymentView } from "../domain/deployment-view.ts";
import { onInterrupt, withProgress } from "./progress.ts";
import type { Session } from "./session.ts";

const LOOK_MS = 200;

export async function untilDeployed(deployment: DeploymentView, session: Session): Promise<DeploymentView> {
  onInterrupt(session.out, "The deploy goes on in the background.");
  return await withProgress(session.out, `Deploying ${deployment.app}`, watch(deployment, session));
}

async function watch(deployment: DeploymentView, session: Session): Promise<DeploymentView> {
  let now = deployment;
  while (now.open) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    now = await session.daemon().request("GET", "/api/deployments/{id}", { params: { id: deployment.id } });
  }
  return now;
}
