import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../../runtime/engine/index.js";
import { NmzError } from "../util/index.js";
import { ignoreAlreadyDone, isEngineGone, isNotFound } from "./engine-failures.js";

const engineGraceMs = 60_000;

/**
 * The workload's exit code. Asked for before the start, so that no exit is missed. When the engine goes away (a
 * restart), waits for it to come back: the workload may have survived it, or the engine knows how it ended.
 */
export async function waitForExit(
  engine: Engine,
  id: string,
  removeAtEnd: boolean,
  say: (line: string) => void,
): Promise<number> {
  try {
    return await engine.waitContainer(id, removeAtEnd ? "removed" : "next-exit");
  } catch (error) {
    if (!isEngineGone(error)) throw error;
    say("the container engine went away; waiting for it to come back");
    const exitCode = await waitForEngine(engine, id);
    // An engine that does not remove it by itself was not there to be told.
    if (removeAtEnd)
      await engine.removeContainer(id, { force: true, volumes: true }).catch(ignoreAlreadyDone);
    return exitCode;
  }
}

async function waitForEngine(engine: Engine, id: string): Promise<number> {
  const deadline = performance.now() + engineGraceMs;
  while (performance.now() < deadline) {
    await sleep(250);
    try {
      const info = await engine.inspectContainer(id);
      if (info.state === "running") return await engine.waitContainer(id, "not-running");
      if (info.state === "created") break; // the engine went away before it had started the workload
      return info.exitCode;
    } catch (error) {
      if (isEngineGone(error)) continue;
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
