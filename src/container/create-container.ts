import type { ContainerBody, Engine, MountBody } from "../../runtime/engine/index.js";
import { NmzError, type UndoStack } from "../util/index.js";
import { ignoreAlreadyDone } from "./engine-failures.js";
import { runLabel, seedLabel, volumesLabel } from "./labels.js";
import type { RunPlan } from "./run-plan.js";
import type { ResolvedVolume } from "./volumes/resolve-volumes.js";

export interface CreatedContainer {
  readonly id: string;
  readonly warnings: readonly string[];
  /** It has exited, and is gone where `--rm` was given: there is nothing left to undo. */
  hasEnded(): void;
}

/** Creates the container with the shaken volumes and nmzc's labels; its end is on the undo stack. */
export async function createContainer(
  engine: Engine,
  plan: RunPlan,
  volumes: readonly ResolvedVolume[],
  mounts: readonly MountBody[],
  undo: UndoStack,
): Promise<CreatedContainer> {
  const { request } = plan;
  const { HostConfig, ...rest } = request.body;
  const realSources = Object.fromEntries(volumes.map(({ target, source }) => [target, source]));
  const body: ContainerBody = {
    ...rest,
    Labels: {
      ...rest.Labels,
      [runLabel]: plan.runId,
      [seedLabel]: plan.seed,
      ...(volumes.length > 0 ? { [volumesLabel]: JSON.stringify(realSources) } : {}),
    },
    HostConfig: {
      ...HostConfig,
      Mounts: [...(HostConfig.Mounts ?? []), ...mounts],
      ...(request.removeAtEnd ? { AutoRemove: true } : {}),
    },
  };
  const created = await engine.createContainer(body, {
    ...(request.name === undefined ? {} : { name: request.name }),
    ...(request.platform === undefined ? {} : { platform: request.platform }),
  });
  const remove = request.removeAtEnd;
  let isOver = false;
  undo.push(
    `container ${created.id.slice(0, 12)}`,
    async () => {
      if (!isOver) await endContainer(engine, created.id, remove);
    },
    { kind: "container", id: created.id, remove },
  );
  return {
    ...created,
    hasEnded: () => {
      isOver = true;
    },
  };
}

/** Its volumes and its network are about to go back to normal: whatever still runs in it is killed. */
export async function endContainer(engine: Engine, id: string, remove: boolean): Promise<void> {
  if (remove) return engine.removeContainer(id, { force: true, volumes: true }).catch(ignoreAlreadyDone);
  return engine.killContainer(id, "KILL").catch(ignoreAlreadyDone);
}

/** Network modes that cannot be shaken, with the reason. */
export async function refuseHostNetwork(engine: Engine, networkMode: string | undefined): Promise<void> {
  if (networkMode === undefined) return;
  if (networkMode === "host") throw hostNetworkError("--network host");
  if (!networkMode.startsWith("container:")) return;
  const other = networkMode.slice("container:".length);
  const info = await engine.inspectContainer(other);
  if (info.networkMode === "host")
    throw hostNetworkError(`--network ${networkMode} (that container is in the host's)`);
}

function hostNetworkError(what: string): NmzError {
  return new NmzError(
    "NMZ_NETWORK_HOST",
    `${what} would shake the packets of the whole host, not of the workload`,
    {
      hint: "use the default network, a network of your own, or --nmz-disable ethernet",
    },
  );
}
