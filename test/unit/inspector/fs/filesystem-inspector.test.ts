import { describe, expect, it } from "vitest";
import type {
  FilesystemLoss,
  FilesystemServer,
  FilesystemServerOptions,
  FilesystemVerdict,
  StartFilesystemServer,
} from "../../../../runtime/kernel/index.js";
import { SyscallError } from "../../../../runtime/kernel/index.js";
import { startFsInspector } from "../../../../src/inspector/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  EventAcceptanceAction,
  type FilesystemFault,
  FilesystemFaultAction,
  PacketFaultAction,
} from "../../../../src/signal/index.js";
import type { Transceiver } from "../../../../src/transceiver/index.js";
import { NmzError, type UndoRecord, UndoStack } from "../../../../src/util/index.js";

/** A server without a mount: keeps what it was told. */
class FakeServer implements FilesystemServer {
  readonly driver = "kernel";
  readonly answers: [number, FilesystemVerdict][] = [];
  options!: FilesystemServerOptions;
  stops = 0;

  readonly start: StartFilesystemServer = async (options) => {
    this.options = options;
    return this;
  };

  answer(id: number, verdict: FilesystemVerdict): void {
    this.answers.push([id, verdict]);
  }

  async stop() {
    this.stops += 1;
    return { wasBusy: false };
  }
}

/** Answers each event with what `decide` makes of it. */
class FakeTransceiver implements Transceiver {
  readonly events: Event[] = [];
  decide: (event: Event) => Action | undefined = (event) => event.defaultAction();

  send(event: Event, sink: ActionSink): void {
    this.events.push(event);
    const action = this.decide(event);
    if (action !== undefined) sink.deliver(event, action);
  }
}

async function started(server = new FakeServer(), start = server.start) {
  const transceiver = new FakeTransceiver();
  const records: UndoRecord[] = [];
  const undo = new UndoStack({ add: (_, record) => records.push(record), remove: () => records.pop() });
  const inspector = await startFsInspector({
    source: "/src",
    mountPoint: "/run/nmzc/x/volume-0",
    isReadOnly: false,
    hooks: ["pre-mkdir", "post-read"],
    driver: "kernel",
    entity: "fs-1",
    transceiver,
    undo,
    onError: () => {},
    startServer: start,
  });
  return { inspector, server, transceiver, undo, records };
}

describe("The fs inspector", () => {
  it("turns a held operation into an event and acceptance into going on", async () => {
    const { inspector, server, transceiver } = await started();
    server.options.onOperation({ id: 7, hook: "pre-mkdir", path: "a/b" });
    expect(transceiver.events.map((event) => [event.entity, event.replayHint])).toEqual([
      ["fs-1", "pre-mkdir:a/b"],
    ]);
    expect(server.answers).toEqual([[7, 0]]);
    expect(inspector.report()).toMatchObject({
      inspector: "fs",
      events: 1,
      faults: {},
      details: { "pre-mkdir": 1 },
    });
  });

  it("fails an operation with EIO for a fault", async () => {
    const { inspector, server, transceiver } = await started();
    transceiver.decide = (event) => new FilesystemFaultAction(event);
    server.options.onOperation({ id: 8, hook: "post-read", path: "" });
    expect(server.answers).toEqual([[8, 5]]);
    expect(inspector.report().faults).toEqual({ EIO: 1 });
  });

  it("hands over what each kind of fault is, and counts it by its name", async () => {
    const { inspector, server, transceiver } = await started();
    const faults: FilesystemFault[] = [
      { kind: "errno", errno: "ENOSPC" },
      { kind: "errno", errno: "EUCLEAN" },
      { kind: "bit-flip", place: 0.5 },
    ];
    for (const fault of faults) {
      transceiver.decide = (event) => new FilesystemFaultAction(event, fault);
      server.options.onOperation({ id: 1, hook: "post-read", path: "a" });
    }
    expect(server.answers.map(([, verdict]) => verdict)).toEqual([28, 117, faults[2]]);
    expect(inspector.report().faults).toEqual({ ENOSPC: 1, EUCLEAN: 1, "bit-flip": 1 });
  });

  it.each([
    [{ kind: "errno", errno: "ENOSUCH" }, "ENOSUCH: no error of this name"],
    [{ kind: "errno", errno: "ENOSYS" }, "ENOSYS: the kernel takes it for good, for the whole mount"],
    [{ kind: "torn", share: 0.5 }, "torn: not at post-read"],
    [{ kind: "listing", order: "reversed", seed: 1 }, "listing: not at post-read"],
  ] as const)("refuses what cannot be done, and lets the operation go on: %j", async (fault, refusal) => {
    const { inspector, server, transceiver } = await started();
    transceiver.decide = (event) => new FilesystemFaultAction(event, fault);
    server.options.onOperation({ id: 1, hook: "post-read", path: "a" });
    expect(server.answers).toEqual([[1, 0]]);
    expect(inspector.report()).toMatchObject({ faults: {}, refusals: { [refusal]: 1 } });
  });

  it("counts no fault that the server could not do", async () => {
    const { inspector, server, transceiver } = await started();
    transceiver.decide = (event) => new FilesystemFaultAction(event, { kind: "short", share: 0.5 });
    server.options.onOperation({ id: 1, hook: "post-read", path: "a" });
    server.options.onRefusal?.("short", "too small");
    expect(inspector.report()).toMatchObject({ faults: {}, refusals: { "short: too small": 1 } });
  });

  it("lets an operation go on for an action that is none for it, and counts that", async () => {
    const { inspector, server, transceiver } = await started();
    transceiver.decide = (event) => new PacketFaultAction(event);
    server.options.onOperation({ id: 9, hook: "post-read", path: "" });
    expect(server.answers).toEqual([[9, 0]]);
    expect(inspector.report().refusals).toEqual({ "PacketFaultAction is no answer to a file operation": 1 });
  });

  it("answers late when the action is late", async () => {
    const { server, transceiver, inspector } = await started();
    transceiver.decide = () => undefined;
    server.options.onOperation({ id: 1, hook: "pre-mkdir", path: "a" });
    server.options.onOperation({ id: 2, hook: "pre-mkdir", path: "b" });
    expect(server.answers).toEqual([]);
    const [first, second] = transceiver.events;
    (inspector as unknown as ActionSink).deliver(second!, new EventAcceptanceAction(second));
    (inspector as unknown as ActionSink).deliver(first!, new EventAcceptanceAction(first));
    expect(server.answers).toEqual([
      [2, 0],
      [1, 0],
    ]);
  });

  it("answers an operation that came before its server was handed over", async () => {
    const server = new FakeServer();
    await started(server, async (options) => {
      options.onOperation({ id: 3, hook: "pre-mkdir", path: "early" });
      return server;
    });
    expect(server.answers).toEqual([[3, 0]]);
  });

  it("has its undo on the stack and in the journal before the mount is made", async () => {
    const server = new FakeServer();
    const seen: UndoRecord[][] = [];
    const { records, undo } = await started(server, async (options) => {
      seen.push([]);
      return server.start(options);
    });
    expect(seen.length).toBe(1);
    expect(records).toEqual([{ kind: "mount", path: "/run/nmzc/x/volume-0" }]);
    expect(await undo.unwind()).toEqual([]);
    expect(server.stops).toBe(1);
    expect(records).toEqual([]);
  });

  it.each([
    [new SyscallError("mount", 1, "fuse.nmzc on /x"), "NMZ_FS_PERMISSION"],
    [
      Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT", path: "/src" }),
      "NMZ_FS_SOURCE_MISSING",
    ],
    [Object.assign(new Error("no package"), { name: "FuseNativeMissingError" }), "NMZ_FS_DRIVER_ABSENT"],
    [new Error("something else"), "NMZ_FS_MOUNT"],
  ])("says what to do when the mount fails: %s", async (cause, code) => {
    const server = new FakeServer();
    const failed = await started(server, () => Promise.reject(cause)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NmzError);
    expect(failed).toMatchObject({ code, cause });
    expect((failed as NmzError).hint).toMatch(/^(make the folder|npm install|run as root|look at what)/);
  });
});

describe("a crash of a volume", () => {
  it("that is under way when the inspector is stopped is in its report", async () => {
    const server = new FakeServer();
    let crashed = (_: FilesystemLoss) => {};
    const crash = () => new Promise<FilesystemLoss>((resolve) => (crashed = resolve));
    const { inspector } = await started(server, async (options) =>
      Object.assign(await server.start(options), { crash }),
    );
    const loss = inspector.crash();
    const stopped = inspector.stop();
    await new Promise(setImmediate);
    expect(server.stops).toBe(0);
    crashed({ lost: [], failed: [] });
    await Promise.all([loss, stopped]);
    expect(server.stops).toBe(1);
    expect(inspector.report()).toMatchObject({ faults: { crash: 1 } });
  });

  it("is counted, with what was lost, and what could not be put back as a refusal", async () => {
    const server = new FakeServer();
    const crash = async () => ({ lost: [{ path: "log", writes: 2, bytes: 10 }], failed: ["busy"] });
    const { inspector } = await started(server, async (options) =>
      Object.assign(await server.start(options), { crash }),
    );
    expect((await inspector.crash()).failed).toEqual(["busy"]);
    expect(inspector.report()).toMatchObject({
      faults: { crash: 1 },
      refusals: { "crash: busy could not be put back": 1 },
      details: { lost: "2 writes (10 bytes) in 1 file: log" },
    });
  });

  it("is refused where the driver knows none", async () => {
    const { inspector } = await started();
    await expect(inspector.crash()).rejects.toThrow("not made to crash");
  });
});
