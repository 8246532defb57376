// Deploys files that were typed: into an app that is there, or a new one.
import type { Context } from "../context.ts";
import type { TreeWriter } from "../domain/code-store.ts";
import { addApp, takeIn } from "./add-app.ts";
import { deployApp } from "./deploy-app.ts";
import type { Delivery, DeliveryOptions, Receiver } from "./deploy-source.ts";
import type { FileChanges } from "./save-draft.ts";

/** Throws `invalid-path`, `too-large` and what is wrong with the app; nothing is changed then. */
export async function deployFiles(
  context: Context,
  receiver: Receiver,
  { files, ...options }: DeliveryOptions & { files: FileChanges },
  actor: string,
): Promise<Delivery> {
  const fill = async (writer: TreeWriter): Promise<void> => {
    for (const [path, file] of Object.entries(files))
      if (file !== null) await writer.add(path, file.content, { executable: file.executable ?? false });
  };
  const order = { start: options.start, actor, message: options.message };
  if ("app" in receiver) {
    const tree = await takeIn(context, receiver.app, fill);
    const origin = { type: "tree", hash: tree.hash, subfolder: "" } as const;
    return { app: receiver.app, deployment: await deployApp(context, receiver.app, { ...order, origin }) };
  }
  const app = await addApp(context, { input: receiver.input, source: { type: "files" }, fill }, actor);
  if (!options.deploy) return { app, deployment: null };
  return { app, deployment: await deployApp(context, app, order) };
}
