import type { Engine } from "../../../runtime/engine/index.js";
import type { Inspector } from "../../inspector/index.js";
import type { UndoStack } from "../../util/index.js";
import { isEngineGone } from "../engine-failures.js";
import { type CaughtProcess, type ContainerPlace, FirstProcessWatch } from "./catch-first-process.js";
import type { PreparedInspectors } from "./prepare-inspectors.js";

export interface AttachedStart {
  readonly inspectors: readonly Inspector[];
  /** False when the workload ran before the inspectors were there. */
  readonly isInTime: boolean;
}

export interface StartOptions extends ContainerPlace {
  readonly undo: UndoStack;
  /** Called right before the workload runs, or as soon as it may have been running. */
  readonly onBegin: () => void;
}

/**
 * Starts the container and attaches the prepared inspectors to its first process before that runs the workload. When
 * the process cannot be caught, they are attached after the start, and `isInTime` says so.
 *
 * A start that fails rejects with the engine's error; what was attached by then is on the undo stack.
 */
export async function startAndAttach(
  engine: Engine,
  containerId: string,
  preparing: Promise<PreparedInspectors>,
  options: StartOptions,
): Promise<AttachedStart> {
  const watch = new FirstProcessWatch(containerId, options, options.undo);
  const attached = new Promise<AttachedStart>((resolve, reject) => {
    watch.start((process) => attachTo(process, containerId, preparing, options).then(resolve, reject));
  });
  attached.catch(() => {}); // awaited below
  try {
    await engine.startContainer(containerId);
  } catch (error) {
    if (!watch.hasCaught) throw error;
    // Not before the inspectors have come to rest: the caller may undo everything now.
    const result = await attached.catch(() => undefined);
    // The engine went away between the workload's begin and its answer: the wait for the exit finds out the rest.
    if (result === undefined || !isEngineGone(error)) throw error;
  } finally {
    watch.stop();
  }
  if (watch.hasCaught) return attached;
  options.onBegin();
  const { pid } = await engine.inspectContainer(containerId);
  return { inspectors: pid === 0 ? [] : await (await preparing).attach(pid, containerId), isInTime: false };
}

async function attachTo(
  process: CaughtProcess,
  containerId: string,
  preparing: Promise<PreparedInspectors>,
  { onBegin }: StartOptions,
): Promise<AttachedStart> {
  try {
    return {
      inspectors: await (await preparing).attach(process.pid, containerId),
      isInTime: process.isBeforeExec,
    };
  } finally {
    onBegin();
    process.letGo();
  }
}
