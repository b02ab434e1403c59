import { describe, expect, it } from "vitest";
import { JavaInspector } from "../../../src/container/java/java-inspector.js";
import type { Control } from "../../../src/endpoint/index.js";
import { type ActionSink, type Event, JavaFunctionEvent } from "../../../src/signal/index.js";

const sink: ActionSink = { deliver: () => {} };

class FakeControl implements Control {
  readonly events: Event[] = [];
  readonly counts = { events: 0, delayed: 0, held: 0, errors: 0 };
  isEnabled = true;
  setEnabled(isEnabled: boolean): void {
    this.isEnabled = isEnabled;
  }
  submit(event: Event): void {
    this.events.push(event);
  }
}

function call(entity: string, functionName: string, type: "call" | "return" = "call"): JavaFunctionEvent {
  return new JavaFunctionEvent(entity, { type, functionName });
}

describe("JavaInspector", () => {
  it("hands every event on and counts calls, returns, functions and JVMs", () => {
    const control = new FakeControl();
    const inspector = new JavaInspector(control, () => {});
    inspector.jvmConnected();
    const events = [call("java-B", "b"), call("java-A", "a"), call("java-A", "a", "return")];
    for (const event of events) inspector.submit(event, sink);
    expect(control.events).toEqual(events);
    expect(inspector.report()).toEqual({
      inspector: "java",
      entity: "java-A, java-B",
      events: 3,
      faults: {},
      refusals: {},
      details: { JVMs: 1, calls: 2, returns: 1, functions: 2 },
    });
  });

  it("remembers so many names and no more, and counts on", () => {
    const inspector = new JavaInspector(new FakeControl(), () => {});
    for (let index = 0; index < 10_100; index++) inspector.submit(call("java", `f${index}`), sink);
    expect(inspector.report()).toMatchObject({
      events: 10_100,
      details: { calls: 10_100, functions: 10_000 },
    });
    inspector.submit(call("j".repeat(2000), "f"), sink);
    expect(inspector.report()).toMatchObject({ entity: "java", events: 10_101 });
  });

  it("warns at its end, once, when no JVM came", async () => {
    const warnings: string[] = [];
    const inspector = new JavaInspector(new FakeControl(), (line) => warnings.push(line));
    let closed = 0;
    inspector.serving({ address: "", port: 1, close: async () => void closed++ });
    await Promise.all([inspector.stop(), inspector.stop()]);
    expect(warnings).toEqual([expect.stringContaining("no JVM connected")]);
    expect(closed).toBe(1);
  });

  it("is content with events of agents that do not introduce themselves", async () => {
    const warnings: string[] = [];
    const inspector = new JavaInspector(new FakeControl(), (line) => warnings.push(line));
    inspector.submit(call("java", "a"), sink);
    await inspector.stop();
    expect(warnings).toEqual([]);
  });

  it("passes control of the policy through", () => {
    const control = new FakeControl();
    const inspector = new JavaInspector(control, () => {});
    inspector.setEnabled(false);
    expect([control.isEnabled, inspector.isEnabled]).toEqual([false, false]);
    expect(inspector.counts).toBe(control.counts);
  });
});
