import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { requestType } from "../../../../src/endpoint/protobuf/messages.js";
import { replyFrame } from "../../../../src/endpoint/protobuf/reply.js";
import { readRequest } from "../../../../src/endpoint/protobuf/request.js";

/** What the original orchestrator was sent and what it answered, captured (docs/protobuf.md, "Vectors"). */
const capturedRequest = "0a04656e743110011800200128013a09080112050a03666f6f4800";
const capturedReply = "0400000008011001";

const head = { entityId: "e", pid: 0, tid: 1, msgId: 9 };
const encode = (message: object): Uint8Array => requestType.encode(message).finish();
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

describe("a protobuf request", () => {
  it("is read from the bytes that Namazu's inspectors send", () => {
    expect(readRequest(Buffer.from(capturedRequest, "hex"))).toEqual({
      kind: "call",
      entity: "ent1",
      call: { type: "call", functionName: "foo" },
      msgId: 1,
      gaMsgId: undefined,
    });
  });

  it("has its names, numbers, thread and parameters survive the wire", () => {
    const texts = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(
        fc.record({
          entityId: fc.string({ minLength: 1 }),
          tid: int32,
          msgId: int32,
          gaMsgId: fc.option(int32, { nil: undefined }),
          isCall: fc.boolean(),
          name: texts,
          threadName: texts,
          params: fc.dictionary(texts, texts),
        }),
        ({ entityId, tid, msgId, gaMsgId, isCall, name, threadName, params }) => {
          const frame = encode({
            ...{ entityId, type: 1, pid: 0, tid, msgId },
            ...(gaMsgId === undefined ? {} : { gaMsgId }),
            event: isCall ? { type: 1, funcCall: { name } } : { type: 2, funcReturn: { name } },
            hasJavaSpecificFields: 1,
            javaSpecificFields: {
              threadName,
              nrStackTraceElements: 1,
              stackTraceElements: [{ fileName: "A.java", className: "A", methodName: "b", lineNumber: -1 }],
              nrParams: Object.keys(params).length,
              params: Object.entries(params).map(([key, value]) => ({ name: key, value })),
            },
          });
          const request = readRequest(frame);
          expect(request).toEqual({
            ...{ kind: "call", entity: entityId, msgId, gaMsgId },
            call: {
              type: isCall ? "call" : "return",
              functionName: name,
              threadName,
              parameters: Object.fromEntries(Object.entries(params)),
            },
          });
        },
      ),
    );
  });

  it.each([
    ["an entity that is empty", { ...head, entityId: "", type: 2 }, "entity_id is empty"],
    ["a type that nobody knows", { ...head, type: 3 }, "type 3"],
    ["no event", { ...head, type: 1 }, "without its Event"],
    ["an event of a type that nobody knows", { ...head, type: 1, event: { type: 4 } }, "Event.type 4"],
    ["no FuncCall", { ...head, type: 1, event: { type: 1 } }, "FuncCall is missing"],
    [
      "the FuncCall of a return",
      { ...head, type: 1, event: { type: 2, funcCall: { name: "f" } } },
      "FuncReturn is missing",
    ],
  ])("with %s is refused, and its id is known", (_what, message, reason) => {
    expect(readRequest(encode(message))).toMatchObject({
      kind: "invalid",
      msgId: 9,
      reason: expect.stringContaining(reason),
    });
  });

  it("that lacks a required field, also one inside, is refused by the field's name, and its id is known", () => {
    // entity_id "e", type EVENT, tid 1, msg_id 9: no pid.
    const withoutPid = Buffer.from("0a0165100120012809", "hex");
    expect(readRequest(withoutPid)).toMatchObject({
      kind: "invalid",
      msgId: 9,
      reason: expect.stringMatching(/pid/),
    });
    // … and with pid, but FuncCall without its name.
    const withoutName = Buffer.from("0a016510011800200128093a0408011200", "hex");
    expect(readRequest(withoutName)).toMatchObject({
      kind: "invalid",
      msgId: 9,
      reason: expect.stringMatching(/name/),
    });
  });

  it("may come without HasJavaSpecificFields, as Namazu's C inspector sends it", () => {
    expect(readRequest(encode({ ...head, type: 2 }))).toMatchObject({ kind: "initiation", msgId: 9 });
  });

  it("may hold fields that nobody knows", () => {
    const unknown = Buffer.from("f2060568656c6c6f", "hex"); // field 110: "hello"
    const frame = Buffer.concat([Buffer.from(capturedRequest, "hex"), unknown]);
    expect(readRequest(frame)).toMatchObject({ kind: "call", entity: "ent1" });
  });

  it("is read or refused, whatever the bytes, and never throws", () => {
    const captured = Buffer.from(capturedRequest, "hex");
    const mutated = fc
      .array(fc.tuple(fc.nat(captured.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((changes) => {
        const bytes = Buffer.from(captured);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 120 }), mutated), (bytes) => {
        expect(["call", "initiation", "exit", "invalid"]).toContain(readRequest(bytes).kind);
      }),
      { numRuns: 5000 },
    );
  });

  it("nested ten thousand deep is refused like any other nonsense", () => {
    expect(readRequest(Buffer.alloc(10_000, 0x0b)).kind).toBe("invalid");
  });
});

describe("a protobuf reply", () => {
  it("is the bytes that the original sends", () => {
    expect(replyFrame("ack", { msgId: 1, gaMsgId: undefined }).toString("hex")).toBe(capturedReply);
  });

  it("without an id has none", () => {
    expect(replyFrame("error", { msgId: undefined, gaMsgId: undefined }).toString("hex")).toBe(
      "020000000802",
    );
  });

  it("repeats the id of a guest agent too", () => {
    expect(replyFrame("end", { msgId: 300, gaMsgId: 2 }).toString("hex")).toBe("07000000080310ac021802");
  });
});
