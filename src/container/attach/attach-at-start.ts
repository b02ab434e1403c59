import type { Engine } from "../../../runtime/engine/index.js";
import type { Inspector } from "../../inspector/index.js";
import { FirstProcessWatch, whileStopped } from "./catch-first-process.js";
import type { PreparedInspectors } from "./prepare-inspectors.js";

export interface AttachedStart {
  readonly inspectors: readonly Inspector[];
  /** False when the workload ran before the inspectors were there. */
  readonly isInTime: boolean;
}

/**
 * Starts the container and attaches the prepared inspectors to its first process before that runs the workload. When
 * the process cannot be caught, they are attached after the start, and `isInTime` says so.
 *
 * A start that fails rejects with the engine's error; nothing is attached then that the undo stack does not detach.
 */
export async function startAndAttach(
  engine: Engine,
  containerId: string,
  cgroupParent: string | undefined,
  prepared: PreparedInspectors,
): Promise<AttachedStart> {
  const watch = new FirstProcessWatch(containerId, cgroupParent);
  const caught = new Promise<AttachedStart>((resolve, reject) => {
    watch.start((process) => {
      let inspectors: readonly Inspector[] = [];
      const attach = async () => {
        inspectors = await prepared.attach(process.pid);
      };
      whileStopped(process.pid, attach).then(
        () => resolve({ inspectors, isInTime: process.isBeforeExec }),
        reject,
      );
    });
  });
  caught.catch(() => {}); // awaited below unless the start itself fails
  try {
    await engine.startContainer(containerId);
  } finally {
    watch.stop();
  }
  if (watch.hasFound) return caught;
  const { pid } = await engine.inspectContainer(containerId);
  if (pid === 0) return { inspectors: [], isInTime: false };
  return { inspectors: await prepared.attach(pid), isInTime: false };
}
