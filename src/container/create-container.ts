import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerBody, Engine, MountBody } from "../../runtime/engine/index.js";
import type { UndoStack } from "../util/index.js";
import { ignoreAlreadyDone, ignoreGone } from "./engine-failures.js";
import { runLabel, seedLabel, volumesLabel } from "./labels.js";
import type { RunPlan } from "./run-plan.js";
import type { ResolvedVolume } from "./volumes/resolve-volumes.js";

export interface CreatedContainer {
  readonly id: string;
  readonly warnings: readonly string[];
  /** The workload runs. Until then, undoing removes the container even without `--rm`. */
  hasStarted(): void;
  /** It has exited, and is gone where `--rm` was given: there is nothing left to undo. */
  hasEnded(): void;
}

/** What the container gets besides what the user asked for. */
export interface ContainerAdditions {
  readonly volumes: readonly ResolvedVolume[];
  readonly mounts: readonly MountBody[];
  /** The whole environment, in place of the user's; undefined leaves that. */
  readonly env?: readonly string[] | undefined;
  /** The engine removes it as soon as it has ended. */
  readonly removesItself: boolean;
}

/** Creates the container with the shaken volumes and nmzc's labels; its end is on the undo stack. */
export async function createContainer(
  engine: Engine,
  plan: RunPlan,
  { volumes, mounts, env, removesItself }: ContainerAdditions,
  undo: UndoStack,
): Promise<CreatedContainer> {
  const { request } = plan;
  const { HostConfig, ...rest } = request.body;
  const origins = Object.fromEntries(volumes.map(({ target, origin }) => [target, origin]));
  const body: ContainerBody = {
    ...rest,
    ...(env === undefined ? {} : { Env: [...env] }),
    Labels: {
      ...rest.Labels,
      [runLabel]: plan.runId,
      [seedLabel]: plan.seed,
      ...(volumes.length > 0 ? { [volumesLabel]: JSON.stringify(origins) } : {}),
    },
    HostConfig: {
      ...HostConfig,
      Mounts: [...(HostConfig.Mounts ?? []), ...mounts],
      ...(removesItself ? { AutoRemove: true } : {}),
    },
  };
  const created = await engine.createContainer(body, {
    ...(request.name === undefined ? {} : { name: request.name }),
    ...(request.platform === undefined ? {} : { platform: request.platform }),
  });
  const remove = request.removeAtEnd;
  let isOver = false;
  let isRunning = false;
  undo.push(
    `container ${created.id.slice(0, 12)}`,
    async () => {
      if (!isOver) await endContainer(engine, created.id, remove || !isRunning);
    },
    { kind: "container", id: created.id, remove },
  );
  return {
    ...created,
    hasStarted: () => {
      isRunning = true;
    },
    hasEnded: () => {
      isOver = true;
    },
  };
}

/**
 * Its volumes and its network are about to go back to normal: whatever still runs in it is killed. Throws when it runs on:
 * what an engine calls a conflict may be that it has been trying in vain.
 */
export async function endContainer(engine: Engine, id: string, remove: boolean): Promise<void> {
  try {
    if (remove) await engine.removeContainer(id, { force: true, volumes: true });
    else await engine.killContainer(id, "KILL");
  } catch (error) {
    ignoreAlreadyDone(error);
    if (await isRunningOn(engine, id)) throw error;
  }
}

const endPatienceMs = 3000;

/** Somebody else may be about to end it. */
async function isRunningOn(engine: Engine, id: string): Promise<boolean> {
  for (const until = performance.now() + endPatienceMs; ; await sleep(50)) {
    const state = await engine.inspectContainer(id).then((info) => info.state, ignoreGone);
    if (state !== "running") return false;
    if (performance.now() > until) return true;
  }
}
