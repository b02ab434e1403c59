import { describe, expect, it } from "vitest";
import { EngineError } from "../../../runtime/engine/index.js";
import { hasEnded } from "../../../src/container/from-inside/end-with-outer.js";

/** An engine whose waits end so, one after the other. */
function engineThat(...answers: (number | Error)[]) {
  return {
    asked: 0,
    async waitContainer(): Promise<number> {
      const answer = answers[this.asked++];
      if (typeof answer === "number") return answer;
      throw answer ?? new Error("asked too often");
    },
  };
}

const gone = new EngineError("gone", { code: "ENGINE_GONE" });

describe("hasEnded", () => {
  it("does not take an engine that is away for a container that has ended", async () => {
    const engine = engineThat(gone, gone, new EngineError("server error", { status: 500 }), 0);
    await hasEnded(engine, "id", 0);
    expect(engine.asked).toBe(4);
  });

  it("takes a container that is not there for one that has ended", async () => {
    const engine = engineThat(gone, new EngineError("no such container", { status: 404 }));
    await hasEnded(engine, "id", 0);
    expect(engine.asked).toBe(2);
  });
});
