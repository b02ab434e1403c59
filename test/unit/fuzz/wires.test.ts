import fc from "fast-check";
import { describe } from "vitest";
import { HttpError } from "../../../src/endpoint/http/http-error.js";
import { Routes } from "../../../src/endpoint/http/routes.js";
import { FrameSplitter, FrameTooLongError } from "../../../src/endpoint/protobuf/frame-splitter.js";
import { requestType } from "../../../src/endpoint/protobuf/messages.js";
import { replyFrame } from "../../../src/endpoint/protobuf/reply.js";
import { readRequest } from "../../../src/endpoint/protobuf/request.js";
import { EntityQueues } from "../../../src/endpoint/rest/entity-queues.js";
import { findJsonMistake } from "../../../src/endpoint/rest/json-syntax.js";
import { readEvent } from "../../../src/endpoint/rest/read-event.js";
import { BatchError, readBatch } from "../../../src/endpoint/stream/read-batch.js";
import {
  type Event,
  EventAcceptanceAction,
  JavaFunctionEvent,
  PlainReceivedEvent,
  streamProtocol,
} from "../../../src/signal/index.js";
import { parseOrchestratorUrl } from "../../../src/transceiver/orchestrator-url.js";
import { ReconnectingTransceiver } from "../../../src/transceiver/reconnecting-transceiver.js";
import { StreamLink } from "../../../src/transceiver/stream/stream-link.js";
import { readDescription } from "../../../src/user-policy/program/describe-program.js";
import { NmzError } from "../../../src/util/index.js";
import { packet } from "../policy/policy-harness.js";
import { damagedBytes, damagedText } from "./damage.js";
import { damagedJson } from "./damaged-json.js";
import { fuzz, fuzzAsync, onlyThrows } from "./fuzz.js";

const hexOfDesign = "1b0000000a04656e743110011800200128013a09080112050a03666f6f4800";
const java = {
  threadName: "main",
  nrStackTraceElements: 1,
  stackTraceElements: [{ fileName: "F.java", className: "F", methodName: "m", lineNumber: 3 }],
  nrParams: 1,
  params: [{ name: "a", value: "1" }],
};
const requests: readonly Uint8Array[] = [
  Buffer.from(hexOfDesign, "hex").subarray(4),
  requestType
    .encode({
      entityId: "e",
      type: 1,
      pid: 0,
      tid: 1,
      msgId: 7,
      gaMsgId: 8,
      event: { type: 2, funcReturn: { name: "f" } },
      hasJavaSpecificFields: 1,
      javaSpecificFields: java,
    })
    .finish(),
  requestType
    .encode({ entityId: "e", type: 1, pid: 0, tid: 1, msgId: -1, event: { type: 3, exit: { exitCode: 0 } } })
    .finish(),
  requestType
    .encode({ entityId: "e", type: 2, pid: 0, tid: 1, msgId: 0, initiation: { entityId: "e" } })
    .finish(),
  Buffer.alloc(3000, 0x0b), // groups in groups
];
const framed = (frame: Uint8Array) => {
  const bytes = Buffer.alloc(4 + frame.length);
  bytes.writeUInt32LE(frame.length, 0);
  bytes.set(frame, 4);
  return bytes;
};

describe("The protobuf wire", () => {
  fuzz("protobuf messages", 60_000, damagedBytes(requests, 4096), (frame) => {
    const request = readRequest(frame);
    for (const id of [request.msgId, request.gaMsgId]) {
      if (id !== undefined && (id | 0) !== id) throw new Error(`id ${id}`);
    }
    if (request.kind === "invalid" && request.reason === "") throw new Error("invalid without a reason");
    if (request.kind === "call") {
      const event = new JavaFunctionEvent(request.entity, request.call);
      if (request.entity === "" || typeof request.call.functionName !== "string") throw new Error("no call");
      JSON.stringify(event);
    }
    replyFrame("ack", request);
  });

  const limit = 2000;
  const streams = damagedBytes([...requests, Buffer.concat(requests)].map(framed), 16_384);
  fuzz(
    "protobuf frames",
    40_000,
    fc.tuple(streams, fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 8 })),
    ([bytes, cuts]) => {
      const split = (sizes: readonly number[]): string[] => {
        const splitter = new FrameSplitter(limit);
        const frames: string[] = [];
        let at = 0;
        let turn = 0;
        while (at < bytes.length) {
          const end = at + (sizes.length === 0 ? bytes.length : sizes[turn++ % sizes.length]!);
          const isTooLong = (error: unknown) => error instanceof FrameTooLongError;
          const isRead = onlyThrows(() => {
            for (const frame of splitter.push(Buffer.from(bytes.subarray(at, end)))) {
              if (frame.length > limit) throw new Error(`a frame of ${frame.length} bytes`);
              frames.push(frame.toString("latin1"));
            }
            return true;
          }, isTooLong);
          if (isRead === undefined) return [...frames, "too long"];
          at = end;
        }
        return frames;
      };
      const whole = split([]);
      const cut = split(cuts);
      if (cut.join("\n") !== whole.join("\n")) throw new Error("other frames where the stream was cut");
    },
  );
});

const common = { type: "event", uuid: "u-1", entity: "e1", deferred: true };
const events: readonly Record<string, unknown>[] = [
  { ...common, class: "FilesystemEvent", option: { op: "pre-fsync", path: "a/b" } },
  {
    ...common,
    class: "LogEvent",
    entity: "_namazu_invalid_entity_id",
    option: { src_entity: "s", message: "m" },
  },
  {
    ...common,
    class: "PacketEvent",
    option: { src_entity: "a", dst_entity: "b", message: { k: [1, 2.5e3, "x\\u00e9"] } },
  },
];
const bodies = events.map((event) => JSON.stringify(event));
const marks = [
  "{",
  "}",
  "[",
  "]",
  '"',
  ",",
  ":",
  "\\u00e",
  "\\",
  "-",
  "0",
  "1e5",
  "null",
  "tru",
  "\n",
  "\u0000",
  "é",
  "𝄞",
  " ",
];

describe("The REST wire", () => {
  fuzz("mistakes in JSON", 60_000, damagedText(bodies, marks, 8192), (text) => {
    let isJson = true;
    try {
      JSON.parse(text);
    } catch {
      isJson = false;
    }
    const mistake = findJsonMistake(text);
    if (isJson !== (mistake === undefined)) throw new Error(`${JSON.stringify(mistake)} of ${text}`);
    if (mistake === undefined) return;
    const { byte, expected, got } = mistake;
    const bytes = Buffer.byteLength(text);
    if (byte < 0 || byte > bytes || expected === "" || (got === "") !== (byte === bytes)) {
      throw new Error(`${byte} of ${bytes}: ${JSON.stringify(got)}`);
    }
  });

  const isRefusal = (error: unknown) =>
    error instanceof HttpError &&
    error.status >= 400 &&
    error.status < 500 &&
    JSON.parse(error.toJson()).error.code === error.code;
  fuzz(
    "bodies of REST",
    40_000,
    damagedText(bodies, [...marks, '"uuid":', '"u-2"', "entity"], 8192),
    (text) => {
      const event = onlyThrows(() => readEvent(text, "e1", "u-1"), isRefusal);
      if (event !== undefined && (event.uuid !== "u-1" || event.entity === "_namazu_invalid_entity_id")) {
        throw new Error(`${event.uuid} of ${event.entity}`);
      }
    },
  );

  const routes = new Routes([
    { path: "/", handlers: {} },
    { path: "/api/v3/control", handlers: {} },
    { path: "/api/v3/events/{entity}/{uuid}", handlers: {} },
    { path: "/api/v3/actions/{entity}", handlers: {} },
  ]);
  const paths = [
    "/",
    "/api/v3/control",
    "/api/v3/events/e%20x/u",
    "/api/v3/actions/e/",
    "/api/v3/../v3//actions/e",
    "/%e2%82%ac",
  ];
  fuzz(
    "paths of REST",
    40_000,
    damagedText(paths, ["/", "..", ".", "%", "%2f", "%ff", "%c3%a9", "é"], 8192),
    (path) => {
      const match = onlyThrows(() => routes.match(path), isRefusal);
      if (match?.kind === "route" && match.params.includes("")) throw new Error("an empty segment");
      if (match?.kind !== "moved") return;
      // Whoever follows arrives.
      if (match.path === path || !match.path.startsWith("/") || match.path.startsWith("//"))
        throw new Error(match.path);
      const next = onlyThrows(() => routes.match(match.path), isRefusal);
      if (next?.kind === "moved" && next.path.length >= match.path.length)
        throw new Error(`${match.path} → ${next.path}`);
    },
  );

  /** Whether it was let in. */
  const isDone = (work: () => void, isRefused: (error: unknown) => boolean): boolean =>
    onlyThrows(() => {
      work();
      return true;
    }, isRefused) === true;
  const limits = { maxEntities: 3, maxEventsPerEntity: 3, maxEvents: 6, maxEventBytes: 5000 };
  const steps = fc.array(
    fc.record({
      what: fc.nat(7),
      entity: fc.constantFrom("a", "b", "c", "d", "__proto__"),
      which: fc.nat(5),
      isDeferred: fc.boolean(),
    }),
    { maxLength: 30 },
  );
  fuzz("queues of REST", 20_000, steps, (list) => {
    let lost = 0;
    const queues = new EntityQueues(limits, () => lost++);
    const admitted: Event[] = [];
    const pollers: { entity: string; told: number; take(body: string): void; giveUp(): void }[] = [];
    let isClosing = false;
    for (const [index, { what, entity, which, isDeferred }] of list.entries()) {
      const event = new PlainReceivedEvent({
        class: "NopEvent",
        type: "event",
        uuid: `u${index - (which === 0 ? 1 : 0)}`,
        entity,
        option: {},
        deferred: isDeferred,
        replay_hint: "",
      });
      const refused = (error: unknown) =>
        error instanceof HttpError && [409, 429, 503].includes(error.status);
      if (what <= 1) {
        const isIn = isDone(() => queues.admit(event, 100), refused);
        if (isIn && isDeferred) admitted.push(event);
      } else if (what === 2 || what === 3) {
        const [answered] = admitted.splice(which % Math.max(1, admitted.length), 1);
        if (answered !== undefined) queues.deliver(answered, new EventAcceptanceAction(answered));
      } else if (what === 4) {
        const poller = {
          entity,
          told: 0,
          take: () => {
            poller.told += 1;
          },
          giveUp: () => {
            poller.told += 1;
          },
        };
        if (isDone(() => queues.wait(entity, poller), refused)) pollers.push(poller);
      } else if (what === 5) {
        const head = queues.head(entity);
        if (head !== undefined) queues.remove(entity, (JSON.parse(head) as { uuid: string }).uuid);
      } else if (what === 6 && pollers.length > 0) {
        const poller = pollers[which % pollers.length]!;
        queues.leave(poller.entity, poller);
      } else if (what === 7 && which === 5) {
        isClosing = true;
        queues.beginClosing();
      }
      const { counts } = queues;
      if (Object.values(counts).some((count) => count < 0)) throw new Error(JSON.stringify(counts));
      if (counts.events > limits.maxEvents || counts.entities > limits.maxEntities)
        throw new Error(JSON.stringify(counts));
      if (counts.waitingActions > counts.events) throw new Error(JSON.stringify(counts));
      if (pollers.some(({ told }) => told > 1)) throw new Error("a poller was told twice");
      if (isClosing && counts.pollers > 0) throw new Error("somebody waits at the end");
    }
    // Every deferred event that was let in is answered, and fetched by who asks.
    for (const event of admitted) queues.deliver(event, new EventAcceptanceAction(event));
    for (const entity of ["a", "b", "c", "d", "__proto__"]) {
      for (let head = queues.head(entity); head !== undefined; head = queues.head(entity)) {
        queues.remove(entity, (JSON.parse(head) as { uuid: string }).uuid);
      }
    }
    const { events, waitingActions, bytes, lostActions } = queues.counts;
    if (events + waitingActions + bytes + lostActions + lost !== 0)
      throw new Error(JSON.stringify(queues.counts));
  });
});

const action = {
  class: "EventAcceptanceAction",
  entity: "net",
  event_uuid: "UUID",
  option: {},
  type: "action",
  uuid: "b1",
};
const streamMessages: readonly unknown[] = [
  [action],
  [
    { ...action, class: "PacketFaultAction" },
    { type: "error", code: "NMZ_STREAM_EVENT", message: "no", event_uuid: "UUID" },
  ],
  [{ type: "error", message: "full" }, { type: "news" }],
  [],
  {},
];

describe("The stream", () => {
  fuzz(
    "batches of the stream",
    30_000,
    damagedText(
      bodies.map((body) => `[${body},${body}]`),
      marks,
      8192,
    ),
    (text) => {
      const isBatchError = (error: unknown) =>
        error instanceof BatchError && error.closeCode >= 1000 && error.message !== "";
      onlyThrows(() => readBatch(Buffer.from(text), false), isBatchError);
      onlyThrows(() => readBatch(Buffer.from(text), true), isBatchError);
    },
  );

  // "UUID" is one of those that wait; toString that is no function undoes String().
  const words = [
    "type",
    "message",
    "event_uuid",
    "action",
    "error",
    "toString",
    "PacketFaultAction",
    "FilesystemFaultAction",
    "UUID",
    "class",
    "option",
  ];
  const messages = fc.array(damagedJson(streamMessages, words), { maxLength: 4 });
  fuzzAsync("what an orchestrator sends", 20_000, fc.tuple(messages, fc.nat(3)), async ([list, ending]) => {
    const events = [packet("a"), packet("b")];
    const answered = new Map<Event, number>();
    const socket = { bufferedAmount: 0, send: () => {}, ping: () => {}, close: async () => {} };
    const hello = {
      type: "hello",
      protocol: streamProtocol,
      limits: { message_bytes: 1 << 20, events: 10 },
    } as const;
    let link: StreamLink | undefined;
    const transceiver = new ReconnectingTransceiver({
      name: "it",
      connect: async (listener) => {
        link = new StreamLink(socket, hello, listener);
        return link;
      },
      onWarning: (line) => {
        if (line.length > 20_000) throw new Error(`a warning of ${line.length} characters`);
      },
    });
    await transceiver.open();
    for (const event of events) {
      transceiver.send(event, {
        deliver: (which) => {
          answered.set(which, (answered.get(which) ?? 0) + 1);
        },
      });
    }
    for (const message of list) link?.onMessage(JSON.stringify(message).replaceAll("UUID", events[0]!.uuid));
    if (ending === 0) link?.onClose("gone");
    if (ending === 1) link?.onMessage("no JSON");
    if (ending === 2) link?.onMessage(undefined);
    await transceiver.close();
    for (const event of events) {
      if (answered.get(event) !== 1) throw new Error(`answered ${answered.get(event)} times`);
    }
  });

  fuzz(
    "URLs of orchestrators",
    15_000,
    damagedText(
      ["http://127.0.0.1:10080/api/v3", "https://[::1]:1/x/api/v3/", "local://"],
      ["/", ":", "@", "?", "#", "[", "]", "%", "api/v3", "http://"],
    ),
    (text) => {
      const url = onlyThrows(
        () => parseOrchestratorUrl(text),
        (error) => error instanceof NmzError && error.code === "NMZ_TRANSCEIVER_URL",
      );
      if (url !== undefined && (url.hostname === "" || !(url.port >= 0 && url.port <= 65_535)))
        throw new Error(text);
    },
  );

  const described = {
    nmzPolicy: 1,
    name: "p",
    summary: "s",
    params: {
      a: { type: "integer", min: 0, max: 9, default: 3, meaning: "m" },
      b: { type: "string", choices: ["x", "y"] },
    },
    events: ["PacketEvent"],
  };
  fuzz(
    "what a policy's program says of itself",
    15_000,
    damagedJson(
      [described],
      ["nmzPolicy", "params", "type", "default", "choices", "duration", "list", "toString", "events"],
    ),
    (value) => {
      const isSaid = (error: unknown) =>
        error instanceof Error && !(error instanceof RangeError || error instanceof SyntaxError);
      onlyThrows(() => readDescription(JSON.stringify(value)), isSaid);
    },
  );
});
