import { type Engine, engineVariable, openEngine as openAnother } from "../../runtime/engine/index.js";
import { type ContainerSweeper, type Sweep, sweepJournals } from "../journal/index.js";
import { endContainer } from "./create-container.js";
import { ignoreGone } from "./engine-failures.js";
import { runLabel } from "./labels.js";

/**
 * Undoes what killed runs and killed inspectors left; see `sweepJournals`. `openEngine` is called when a run of a
 * container was killed, and only then; where that ran on another engine, that one is opened too.
 */
export function sweepLeftovers(openEngine: () => Promise<Engine>): Promise<Sweep> {
  const sweepers = new Map<string, Promise<ContainerSweeper>>();
  let opening: Promise<Engine> | undefined;
  const ours = (): Promise<Engine> => {
    opening ??= openEngine();
    return opening;
  };
  const engineOf = async (address: string | undefined): Promise<Engine> => {
    if (address === undefined) return ours();
    // One that cannot be opened at all says nothing about the other.
    const engine = await ours().catch(() => undefined);
    if (engine?.info.address === address) return engine;
    return openAnother({ ...process.env, [engineVariable]: address });
  };
  return sweepJournals((address) => {
    const sweeper = sweepers.get(address ?? "") ?? engineOf(address).then(sweeperOf);
    sweepers.set(address ?? "", sweeper);
    return sweeper;
  });
}

function sweeperOf(engine: Engine): ContainerSweeper {
  return {
    async undo(record) {
      if (record.kind === "container") await endContainer(engine, record.id, record.remove);
      else await engine.removeVolume(record.name).catch(ignoreGone);
    },
    async removeNeverStarted(runId) {
      const ids = await neverStarted(engine, runId);
      for (const id of ids) await endContainer(engine, id, true);
      return ids;
    },
  };
}

/**
 * Containers whose mounts are gone before they ran, on record or not: the kill may have come between the engine's answer
 * and our record of it. One that ran is the user's to keep, unless `--rm` was given.
 */
async function neverStarted(engine: Engine, runId: string): Promise<readonly string[]> {
  const containers = await engine.listContainers({ all: true, label: `${runLabel}=${runId}` });
  return containers.filter(({ state }) => state === "created").map(({ id }) => id);
}
