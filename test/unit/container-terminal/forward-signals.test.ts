import { describe, expect, it } from "vitest";
import { forwardSignals } from "../../../src/container/terminal/forward-signals.js";
import { forwardedSignals } from "../../../src/terminal/index.js";

describe("forwardSignals", () => {
  it("sends what we get to the container until it is told to stop", () => {
    const sent: string[] = [];
    const engine = { killContainer: async (id: string, signal: string) => void sent.push(`${id} ${signal}`) };
    const stop = forwardSignals(engine, "abc");
    process.emit("SIGTERM", "SIGTERM");
    process.emit("SIGUSR2", "SIGUSR2");
    stop();
    process.emit("SIGUSR2", "SIGUSR2");
    expect(sent).toEqual(["abc SIGTERM", "abc SIGUSR2"]);
  });

  it("takes no harm from a container that does not run", async () => {
    const engine = { killContainer: () => Promise.reject(new Error("container abc is not running")) };
    const stop = forwardSignals(engine, "abc");
    process.emit("SIGHUP", "SIGHUP");
    await new Promise((resolve) => setImmediate(resolve));
    stop();
    expect(process.listenerCount("SIGHUP")).toBe(0);
  });

  it("keeps the signals that concern this process alone", () => {
    for (const signal of ["SIGCHLD", "SIGPIPE", "SIGURG", "SIGWINCH", "SIGKILL", "SIGSTOP", "SIGSEGV"]) {
      expect(forwardedSignals).not.toContain(signal);
    }
    for (const signal of [
      "SIGINT",
      "SIGTERM",
      "SIGHUP",
      "SIGQUIT",
      "SIGUSR1",
      "SIGUSR2",
      "SIGTSTP",
      "SIGCONT",
    ]) {
      expect(forwardedSignals).toContain(signal);
    }
  });
});
