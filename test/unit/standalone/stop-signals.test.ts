import { afterEach, describe, expect, it } from "vitest";
import { StopSignals } from "../../../src/standalone/stop-signals.js";

let signals: StopSignals;

afterEach(() => signals.dispose());

/** What the process would call; to emit the event would call the test runner's own listener too. */
function listenerOf(event: "uncaughtException" | "SIGTERM"): (value: unknown) => void {
  const others = new Set(process.listeners(event as "SIGTERM"));
  signals = new StopSignals();
  const [ours] = process.listeners(event as "SIGTERM").filter((each) => !others.has(each));
  return ours as (value: unknown) => void;
}

const never = new Promise<void>(() => {});

describe("StopSignals", () => {
  it("ends what is waited for when a signal comes, and knows the exit code", async () => {
    const raise = listenerOf("SIGTERM");
    const waiting = signals.orAborted(never);
    raise("SIGTERM");
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await expect(signals.orAborted(Promise.resolve())).rejects.toMatchObject({ name: "AbortError" });
    expect(signals.exitCode).toBe(143);
    expect(() => signals.throwFailure()).not.toThrow();
  });

  it("tells whoever waits of an error that nobody caught", async () => {
    const raise = listenerOf("uncaughtException");
    const waiting = signals.orAborted(never);
    raise(new Error("a bug of ours"));
    await expect(waiting).rejects.toThrow("a bug of ours");
    expect(() => signals.throwFailure()).toThrow("a bug of ours");
    expect(signals.exitCode).toBeUndefined();
  });

  it("hears nothing more once it is disposed of", () => {
    const before = process.listenerCount("SIGTERM");
    listenerOf("SIGTERM");
    expect(process.listenerCount("SIGTERM")).toBe(before + 1);
    signals.dispose();
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
