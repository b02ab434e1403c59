import { describe, expect, it } from "vitest";
import { type ContainerInfo, type Engine, EngineError } from "../../../runtime/engine/index.js";
import { endContainer } from "../../../src/container/create-container.js";

/** An engine that answers a removal with `status`, and has the container in `state`, or no longer. */
function engine(status: number, state: ContainerInfo["state"] | undefined): Engine {
  const refused = new EngineError(`removal answered ${status}`, { status });
  return {
    removeContainer: () => Promise.reject(refused),
    inspectContainer: () =>
      state === undefined
        ? Promise.reject(new EngineError("no such container", { status: 404 }))
        : Promise.resolve({ state }),
  } as unknown as Engine;
}

describe("endContainer", () => {
  it("takes a conflict for done when the container has ended or is gone", async () => {
    await expect(endContainer(engine(409, "exited"), "c", true)).resolves.toBeUndefined();
    await expect(endContainer(engine(409, undefined), "c", true)).resolves.toBeUndefined();
  });

  it("fails while the container runs on, so that its record is kept", async () => {
    await expect(endContainer(engine(409, "running"), "c", true)).rejects.toThrow("removal answered 409");
  });

  it("fails when the engine could not do it", async () => {
    await expect(endContainer(engine(500, "exited"), "c", true)).rejects.toThrow("removal answered 500");
  });
});
