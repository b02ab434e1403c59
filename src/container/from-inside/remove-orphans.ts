import type { Engine } from "../../../runtime/engine/index.js";
import { isNotFound } from "../engine-failures.js";
import { outerLabel } from "./sibling.js";

/**
 * Removes siblings that do not run and whose starter is gone: it was killed between making and starting them, or the
 * engine did not come to remove them. Returns their ids. Throws EngineError.
 */
export async function removeOrphans(
  engine: Pick<Engine, "inspectContainer" | "listContainers" | "removeContainer">,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { id, state, labels } of await engine.listContainers({ all: true, label: outerLabel })) {
    const outer = labels[outerLabel];
    if (outer === undefined || outer === "" || (state !== "created" && state !== "exited")) continue;
    if (await isThere(engine, outer)) continue;
    // Without force: one that has been started in the meantime is in use.
    await engine.removeContainer(id, { force: false, volumes: true }).catch(() => {});
    removed.push(id);
  }
  return removed;
}

async function isThere(engine: Pick<Engine, "inspectContainer">, id: string): Promise<boolean> {
  try {
    await engine.inspectContainer(id);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
