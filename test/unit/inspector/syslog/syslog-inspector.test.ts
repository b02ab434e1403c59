import { describe, expect, it } from "vitest";
import { SyslogInspector } from "../../../../src/inspector/syslog/syslog-inspector.js";
import { type Event, eventFromJson, LogEvent } from "../../../../src/signal/index.js";

function setUp(fail?: Error) {
  const events: Event[] = [];
  const errors: unknown[] = [];
  const transceiver = {
    send: (event: Event) => {
      if (fail !== undefined) throw fail;
      events.push(event);
    },
  };
  const inspector = new SyslogInspector("logs", transceiver, (error) => errors.push(error));
  const receive = (bytes: string | Uint8Array, from: { address?: string; isCut?: boolean } = {}) =>
    inspector.onLine({
      bytes: Buffer.from(bytes as string),
      isCut: from.isCut ?? false,
      address: from.address ?? "10.0.0.1",
      port: 514,
    });
  return { inspector, events, errors, receive };
}

describe("SyslogInspector", () => {
  it("makes a line an event that nobody holds, with Namazu's keys and those that the line has", () => {
    const { events, receive } = setUp();
    receive('<27>1 2026-11-23T06:49:22Z host app 7 ID [a b="c"] disk full\n');
    const [event] = events as LogEvent[];
    expect(event).toBeInstanceOf(LogEvent);
    expect(event!.deferred).toBe(false);
    expect(event!.entity).toBe("logs");
    expect(event!.option).toEqual({
      src_entity: "entity-10.0.0.1:514",
      message: "disk full",
      format: "rfc5424",
      priority: 27,
      facility: "daemon",
      severity: "err",
      timestamp: "2026-11-23T06:49:22Z",
      hostname: "host",
      app: "app",
      procid: "7",
      msgid: "ID",
      structured_data: { a: { b: "c" } },
      raw: '<27>1 2026-11-23T06:49:22Z host app 7 ID [a b="c"] disk full',
    });
  });

  it("makes events that are the same after a way over the wire", () => {
    const { events, receive } = setUp();
    receive("<13>tag: text");
    const [event] = events;
    const received = eventFromJson(JSON.parse(JSON.stringify(event)));
    expect(received.option).toEqual(event!.option);
    expect(received.replayHint).toBe(event!.replayHint);
    expect(received.deferred).toBe(false);
  });

  it("names IPv6 senders as the ethernet inspector does, and IPv4 ones that came through an IPv6 socket as what they are", () => {
    const { events, receive } = setUp();
    for (const address of ["fe80::1%eth0", "::1", "::ffff:10.0.0.9"]) receive("x", { address });
    expect(events.map(({ option }) => option["src_entity"])).toEqual([
      "entity-[fe80::1]:514",
      "entity-[::1]:514",
      "entity-10.0.0.9:514",
    ]);
  });

  it("keeps what is no syslog and no UTF-8, and says nothing of empty lines", () => {
    const { inspector, events, receive } = setUp();
    receive(Uint8Array.of(0x61, 0xff, 0xfe, 0x62, 0x00, 0x0a));
    receive(" \r\n\0");
    receive("cut", { isCut: true });
    expect(events.map(({ option }) => [option["message"], option["format"], option["is_cut"]])).toEqual([
      ["a\uFFFD\uFFFDb", "raw", undefined],
      ["cut", "raw", true],
    ]);
    expect(inspector.report()).toMatchObject({
      inspector: "syslog",
      events: 2,
      details: { "without a known form": 2, "cut short": 1 },
    });
  });

  it("goes on when the wire fails, and says so once", () => {
    const { inspector, errors, receive } = setUp(new Error("cut"));
    receive("a");
    receive("b");
    expect(errors).toHaveLength(1);
    expect(inspector.report().refusals).toEqual({ "the wire failed (cut)": 2 });
  });
});
