import type { Engine } from "../../runtime/engine/index.js";
import { type ContainerSweeper, type JournalEngine, type Sweep, sweepJournals } from "../journal/index.js";
import { endContainer } from "./create-container.js";
import { ignoreGone } from "./engine-failures.js";
import { openJournalEngine } from "./journal-engine.js";
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
  const engineOf = async (wanted: JournalEngine | undefined): Promise<Engine> => {
    if (wanted === undefined) return ours();
    // One that cannot be opened at all says nothing about the other.
    return openJournalEngine(wanted, await ours().catch(() => undefined));
  };
  return sweepJournals((wanted) => {
    const key = wanted === undefined ? "" : `${wanted.kind} ${wanted.address}`;
    const sweeper = sweepers.get(key) ?? engineOf(wanted).then(sweeperOf);
    sweepers.set(key, sweeper);
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
