import { describe, expect, it } from "vitest";
import { type ContainerInfo, EngineError } from "../../../runtime/engine/index.js";
import { removeOrphans } from "../../../src/container/from-inside/remove-orphans.js";

/** Siblings by id: their state and the container that started them. */
function engineWith(siblings: Record<string, readonly [string, string]>, outer: EngineError | undefined) {
  const removed: string[] = [];
  return {
    removed,
    listContainers: async () =>
      Object.entries(siblings).map(
        ([id, [state, starter]]) =>
          ({ id, state, labels: { "nmzc.outer": starter } }) as unknown as ContainerInfo,
      ),
    inspectContainer: async (id: string) => {
      if (id === "alive") return { id } as ContainerInfo;
      throw outer ?? new EngineError("no such container", { status: 404 });
    },
    removeContainer: async (id: string) => void removed.push(id),
  };
}

const siblings = {
  created: ["created", "gone"],
  exited: ["exited", "gone"],
  running: ["running", "gone"],
  starting: ["created", "alive"],
  strange: ["created", ""],
} as const;

describe("removeOrphans", () => {
  it("removes what does not run and has lost its starter, and nothing else", async () => {
    const engine = engineWith(siblings, undefined);
    expect(await removeOrphans(engine)).toEqual(["created", "exited"]);
    expect(engine.removed).toEqual(["created", "exited"]);
  });

  it("removes nothing when the engine does not say that the starter is gone", async () => {
    const engine = engineWith(siblings, new EngineError("server error", { status: 500 }));
    await expect(removeOrphans(engine)).rejects.toThrow("server error");
    expect(engine.removed).toEqual([]);
  });
});
