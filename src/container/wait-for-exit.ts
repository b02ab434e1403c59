import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, NotRemovedError } from "../../runtime/engine/index.js";
import { messageOf, NmzError } from "../util/index.js";
import { ignoreAlreadyDone, isEngineGone, isNotFound } from "./engine-failures.js";

const engineGraceMs = 60_000;

/** Of these alone the exit code is one: a container that is paused, say, has not ended, and shows 0. */
const endedStates: ReadonlySet<string> = new Set(["exited", "stopped", "dead", "removing"]);
/** Podman calls one "initialized" that is prepared and was never started. */
const unstartedStates: ReadonlySet<string> = new Set(["created", "initialized"]);

export interface Exit {
  readonly exitCode: number;
  /** It should have been removed, and is still there. */
  readonly isLeft: boolean;
}

/**
 * How the workload ended. Asked for before the start, so that no exit is missed. When the engine goes away (a restart), waits
 * for it to come back: the workload may have survived it, or the engine knows how it ended. A container that cannot be
 * removed takes nothing from that: it is said.
 */
export async function waitForExit(
  engine: Engine,
  id: string,
  removeAtEnd: boolean,
  say: (line: string) => void,
  againMs = 250,
): Promise<Exit> {
  try {
    const exitCode = await engine.waitContainer(id, removeAtEnd ? "removed" : "next-exit");
    return { exitCode, isLeft: false };
  } catch (error) {
    if (error instanceof NotRemovedError) return left(id, error.exitCode, error, say);
    if (!isEngineGone(error)) throw error;
  }
  say("the container engine went away; waiting for it to come back");
  const exitCode = await waitForEngine(engine, id, againMs);
  // An engine that does not remove it by itself was not there to be told.
  return removeAtEnd ? removeEnded(engine, id, exitCode, say) : { exitCode, isLeft: false };
}

/** What the engine does by itself where `removeAtEnd` is left to it. */
export async function removeEnded(
  engine: Engine,
  id: string,
  exitCode: number,
  say: (line: string) => void,
): Promise<Exit> {
  try {
    await engine.removeContainer(id, { force: true, volumes: true }).catch(ignoreAlreadyDone);
    return { exitCode, isLeft: false };
  } catch (error) {
    return left(id, exitCode, error, say);
  }
}

function left(id: string, exitCode: number, error: unknown, say: (line: string) => void): Exit {
  say(`container ${id.slice(0, 12)} has ended and could not be removed: ${messageOf(error)}`);
  return { exitCode, isLeft: true };
}

async function waitForEngine(engine: Engine, id: string, againMs: number): Promise<number> {
  let deadline = performance.now() + engineGraceMs;
  while (performance.now() < deadline) {
    await sleep(againMs);
    try {
      const { state, exitCode } = await engine.inspectContainer(id);
      if (endedStates.has(state)) return exitCode;
      if (unstartedStates.has(state)) break; // the engine went away before it had started the workload
      deadline = Number.POSITIVE_INFINITY; // it is back: however long the workload takes
      return await engine.waitContainer(id, "not-running");
    } catch (error) {
      if (isEngineGone(error)) {
        deadline = Math.min(deadline, performance.now() + engineGraceMs);
        continue;
      }
      if (isNotFound(error)) break; // auto-removed while nobody watched
      throw error;
    }
  }
  throw new NmzError(
    "NMZ_ENGINE_GONE",
    "the container engine went away and the workload's exit code with it",
    {
      hint: "start the engine again; `nmzc prune` removes what may be left",
    },
  );
}
