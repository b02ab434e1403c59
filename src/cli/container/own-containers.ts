import { EngineError } from "../../../runtime/engine/engine-error.js";
import type { ContainerInfo, Engine } from "../../../runtime/engine/index.js";
import { runLabel } from "../../container/labels.js";
import { NmzError } from "../../util/index.js";

/** The container of that name or ID, if nmzc runs it. Throws NMZ_CONTAINER_UNKNOWN and NMZ_CONTAINER_FOREIGN. */
export async function ownContainer(engine: Engine, name: string): Promise<ContainerInfo> {
  const container = await engine.inspectContainer(name).catch((error: unknown) => {
    if (!(error instanceof EngineError) || error.status !== 404) throw error;
    throw new NmzError("NMZ_CONTAINER_UNKNOWN", `no such container: ${name}`, {
      exitCode: 1,
      hint: "'nmzc ps -a' lists the containers that nmzc made",
      cause: error,
    });
  });
  if (container.labels[runLabel] !== undefined) return container;
  throw new NmzError("NMZ_CONTAINER_FOREIGN", `container ${name} was not made by nmzc`, {
    exitCode: 1,
    hint: "use docker for it",
  });
}

/** A container of ours, with its run. Throws as `ownContainer` does. */
export async function runOf(
  engine: Engine,
  name: string,
): Promise<ContainerInfo & { readonly runId: string }> {
  const container = await ownContainer(engine, name);
  return { ...container, runId: container.labels[runLabel] ?? "" };
}
