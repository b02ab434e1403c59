import { describe, expect, it } from "vitest";
import {
  type ContainerInfo,
  type Engine,
  EngineError,
  NotRemovedError,
} from "../../../runtime/engine/index.js";
import { waitForExit } from "../../../src/container/wait-for-exit.js";

const gone = new EngineError("nobody there", { code: "ENGINE_GONE" });
const busy = new EngineError("device or resource busy", { status: 500 });

interface Returned {
  /** What the engine says of the container once it is back. */
  readonly state: ContainerInfo["state"];
  readonly removal?: () => Promise<void>;
}

/** Goes away during the wait, and is back at the second look; a container that has not ended then ends with 9. */
function restarting({ state, removal = async () => {} }: Returned) {
  const calls: string[] = [];
  let isBack = false;
  const engine: Partial<Engine> = {
    waitContainer: async (_, condition) => {
      calls.push(`wait ${condition}`);
      if (!isBack) throw gone;
      return 9;
    },
    inspectContainer: async () => {
      calls.push("inspect");
      if (!isBack) {
        isBack = true;
        throw gone;
      }
      return { state, exitCode: state === "exited" ? 7 : 0 } as ContainerInfo;
    },
    removeContainer: () => {
      calls.push("remove");
      return removal();
    },
  };
  return { engine: engine as Engine, calls };
}

function waited(engine: Engine, removeAtEnd: boolean) {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  return { said, exit: waitForExit(engine, "0123456789abcdef", removeAtEnd, say, 1) };
}

describe("waitForExit", () => {
  it("keeps the exit code of a container that could not be removed, and says so", async () => {
    const engine = { waitContainer: () => Promise.reject(new NotRemovedError(7, busy)) };
    const { said, exit } = waited(engine as unknown as Engine, true);
    expect(await exit).toEqual({ exitCode: 7, isLeft: true });
    expect(said).toEqual([
      "container 0123456789ab has ended and could not be removed: device or resource busy",
    ]);
  });

  it("keeps it when the engine goes away at the removal, without waiting for the engine", async () => {
    const engine = { waitContainer: () => Promise.reject(new NotRemovedError(7, gone)) };
    const { exit } = waited(engine as unknown as Engine, true);
    expect(await exit).toEqual({ exitCode: 7, isLeft: true });
  });

  it("asks an engine that is back for the exit code of what has ended, and removes it", async () => {
    const { engine, calls } = restarting({ state: "exited" });
    expect(await waited(engine, true).exit).toEqual({ exitCode: 7, isLeft: false });
    expect(calls).toEqual(["wait removed", "inspect", "inspect", "remove"]);
  });

  it("keeps that exit code, too, when the removal fails", async () => {
    const { engine } = restarting({ state: "exited", removal: () => Promise.reject(busy) });
    const { said, exit } = waited(engine, true);
    expect(await exit).toEqual({ exitCode: 7, isLeft: true });
    expect(said).toHaveLength(2);
  });

  it.each(["running", "paused", "restarting", "stopping"])(
    "waits on for a container that is %s when the engine is back",
    async (state) => {
      const { engine, calls } = restarting({ state });
      expect(await waited(engine, true).exit).toEqual({ exitCode: 9, isLeft: false });
      expect(calls).toEqual(["wait removed", "inspect", "inspect", "wait not-running", "remove"]);
    },
  );

  it.each(["created", "initialized"])("knows no exit code of one that is only %s", async (state) => {
    const { engine } = restarting({ state });
    await expect(waited(engine, true).exit).rejects.toMatchObject({ code: "NMZ_ENGINE_GONE" });
  });

  it("leaves the container without --rm", async () => {
    const { engine, calls } = restarting({ state: "exited" });
    expect(await waited(engine, false).exit).toEqual({ exitCode: 7, isLeft: false });
    expect(calls).not.toContain("remove");
  });
});
