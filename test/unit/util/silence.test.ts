import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Silence } from "../../../src/util/index.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch() {
  const told = { pings: 0, silences: 0 };
  const silence = new Silence({
    intervalMs: 100,
    maxMissed: 3,
    ping: () => {
      told.pings += 1;
    },
    onSilent: () => {
      told.silences += 1;
    },
  });
  return { told, silence };
}

describe("Silence", () => {
  it("asks a peer that says nothing, and tells once when it does not answer", () => {
    const { told } = watch();
    vi.advanceTimersByTime(399);
    expect(told).toEqual({ pings: 2, silences: 0 });
    vi.advanceTimersByTime(1000);
    expect(told).toEqual({ pings: 2, silences: 1 });
  });

  it("does not ask a peer that speaks", () => {
    const { told, silence } = watch();
    for (let time = 0; time < 2000; time += 90) {
      vi.advanceTimersByTime(90);
      silence.heard();
    }
    expect(told).toEqual({ pings: 0, silences: 0 });
  });

  it("tells nothing after its end", () => {
    const { told, silence } = watch();
    silence.stop();
    vi.advanceTimersByTime(2000);
    expect(told).toEqual({ pings: 0, silences: 0 });
  });
});
