import { readlinkSync } from "node:fs";
import { type Engine, openRootEngine } from "../../runtime/engine/index.js";
import { listenerOfSocket, makeMountsWhereProcessLives } from "../../runtime/kernel/index.js";
import { messageOf, NmzError } from "../util/index.js";

/**
 * The engine for what makes containers. From then on volumes are mounted where it sees them. Throws EngineError, and
 * NMZ_ENGINE_MOUNTS.
 */
export async function openEngineForRuns(): Promise<Engine> {
  const engine = await openRootEngine();
  mountWhereEngineLives(engine);
  return engine;
}

/**
 * A service with PrivateTmp= and a shell of `unshare -m` have a mount namespace of their own: what is mounted there the
 * engine would not see, and the workload would find its volumes empty.
 */
export function mountWhereEngineLives({ info: { name, socketPath } }: Engine): void {
  const pid = listenerOfSocket(socketPath);
  if (pid === 0 || isInOurMountNamespace(pid)) return;
  try {
    makeMountsWhereProcessLives(pid);
  } catch (error) {
    throw new NmzError(
      "NMZ_ENGINE_MOUNTS",
      `${name} (process ${pid}) lives in another mount namespace, and volumes cannot be mounted there: ${messageOf(error)}`,
      {
        hint: "run nmzc where the engine runs: outside of unshare -m and of services with PrivateTmp=",
        cause: error,
      },
    );
  }
}

function isInOurMountNamespace(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`) === readlinkSync("/proc/self/ns/mnt");
  } catch {
    return true; // it may not be looked at, and so it cannot be entered either
  }
}
