import fc from "fast-check";
import { describe } from "vitest";
import { type FrameLabel, readFrameLabel } from "../../../src/inspector/hookswitch/frame-label.js";
import { SwitchQueue } from "../../../src/inspector/hookswitch/switch-queue.js";
import { lineEvent } from "../../../src/inspector/syslog/line-event.js";
import { LineSplitter } from "../../../src/inspector/syslog/line-splitter.js";
import { lineText } from "../../../src/inspector/syslog/line-text.js";
import { sourceEntity } from "../../../src/inspector/syslog/source-entity.js";
import { eventFromJson, framePayload } from "../../../src/signal/index.js";
import { tcp4 } from "../inspector/ethernet/packet-builder.js";
import { damagedBytes, damagedText } from "./damage.js";
import { fuzz, onlyThrows } from "./fuzz.js";

const lines = [
  "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick on /dev/pts/8",
  '<165>1 2003-10-11T22:14:15.003Z m evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="A\\"p\\]"][b@1 c="d"] An event',
  "<34>Oct 11 22:14:15 mymachine su[231]: 'su root' failed for lonvick on /dev/pts/8",
  "<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!",
  "<190>2024-01-01T00:00:00+01:00 host app: x",
  "no priority at all 0xdeadbeef 12:34:56 Mon, Jan  1 2024",
  "<191>",
];
const marks = [
  "<",
  ">",
  "[",
  "]",
  '"',
  "\\",
  " ",
  "=",
  ":",
  "-",
  "1 ",
  "<13>",
  "Oct 11 22:14:15 ",
  "\ufeff",
  "@",
  "\0",
  "\n",
];

describe("Syslog", () => {
  fuzz("syslog lines", 60_000, damagedText(lines, marks), (text) => {
    const { event } = lineEvent("syslog", {
      srcEntity: "entity-10.0.0.1:514",
      text,
      isCut: text.length > 100,
    });
    if (typeof event.message !== "string" || event.replayHint.length > 1000)
      throw new Error(event.replayHint);
    // What we send is what another orchestrator reads.
    const again = eventFromJson(JSON.parse(JSON.stringify(event)));
    if (JSON.stringify(again.option) !== JSON.stringify(event.option)) throw new Error("another event");
    if (again.replayHint !== event.replayHint) throw new Error("another hint");
  });

  const counted = (line: string) => `${Buffer.byteLength(line)} ${line}`;
  const streams = [
    lines.map((line) => `${line}\n`).join(""),
    lines.map(counted).join(""),
    `${counted(lines[2]!)}${lines[3]}\n12 monkeys\n`,
  ].map((text) => Buffer.from(text));
  const limit = 300;
  fuzz(
    "syslog over TCP",
    30_000,
    fc.tuple(damagedBytes(streams, 8192), fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 6 })),
    ([bytes, cuts]) => {
      const split = (sizes: readonly number[]): string => {
        const found: string[] = [];
        const splitter = new LineSplitter(limit, (line) => {
          if (line.bytes.length > limit || line.bytes.length === 0)
            throw new Error(`${line.bytes.length} bytes`);
          found.push(`${line.isCut}:${lineText(line.bytes)}`);
        });
        let turn = 0;
        for (let at = 0; at < bytes.length; ) {
          const end = at + (sizes.length === 0 ? bytes.length : sizes[turn++ % sizes.length]!);
          splitter.push(bytes.subarray(at, end));
          at = end;
        }
        splitter.end();
        if (splitter.isInside) throw new Error("it has not ended");
        return found.join("\n");
      };
      if (split(cuts) !== split([])) throw new Error("other lines where the stream was cut");
    },
  );

  fuzz(
    "addresses of loggers",
    5_000,
    damagedText(["10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0"], [":", ".", "%", "::ffff:"]),
    (address) => {
      if (!sourceEntity(address, 514).endsWith(":514")) throw new Error(address);
    },
  );
});

const ethernet = Buffer.from("020000000001020000000002", "hex");
const frames = [
  Buffer.concat([ethernet, Buffer.from("0800", "hex"), tcp4({ payload: "x" })]),
  Buffer.concat([ethernet, Buffer.from("81000001" + "0800", "hex"), tcp4()]),
  Buffer.concat([ethernet, Buffer.from("0806", "hex"), Buffer.alloc(28)]),
  Buffer.concat([ethernet, Buffer.from("88a80001" + "81000002" + "86dd", "hex"), Buffer.alloc(60)]),
];

describe("HookSwitch", () => {
  fuzz("Ethernet frames", 30_000, damagedBytes(frames), (frame) => {
    const { start } = framePayload(frame);
    if (start < 0 || start > frame.length) throw new Error(`payload at ${start} of ${frame.length}`);
  });

  const labels = [
    '{"id":1,"op":""}',
    '{"id":9007199254740991,"op":"","more":{"a":[1]}}',
    '{"op":"","id":-1}',
  ];
  const label = damagedText(labels, ["{", "}", '"', ":", ",", "id", "op", "1e9", "[", "]", "null"], 2048).map(
    (text) => Buffer.from(text),
  );
  const deep = fc.nat(20_000).map((depth) => Buffer.from(`{"id":1,"x":${jsonOf(depth)}}`));
  const part = fc.oneof({ arbitrary: label, weight: 200 }, { arbitrary: deep, weight: 1 });
  fuzz("labels of frames", 30_000, part, (bytes) => {
    onlyThrows<FrameLabel>(
      () => readFrameLabel(bytes),
      (error) => error instanceof Error && !(error instanceof TypeError || error instanceof RangeError),
    );
  });

  const message = fc.oneof(
    { arbitrary: fc.tuple(part, damagedBytes(frames, 2000)).map((parts): Uint8Array[] => parts), weight: 8 },
    { arbitrary: fc.array(damagedBytes(frames, 100), { maxLength: 4 }), weight: 1 },
  );
  fuzz(
    "messages of a switch",
    20_000,
    fc.tuple(fc.array(message, { maxLength: 6 }), fc.nat(2)),
    ([list, mode]) => {
      const answers: string[] = [];
      let packets = 0;
      const queue: SwitchQueue = new SwitchQueue({
        maxWaiting: 3,
        answer: (text) => answers.push(text),
        close: async () => {},
        handler: {
          onPacket: (taken) => {
            packets += 1;
            if (taken.start < 0 || taken.start > taken.end) throw new Error(`[${taken.start}, ${taken.end})`);
            if (mode === 0) queue.setVerdict(taken.id, packets % 2 === 0 ? 1 : 0);
          },
          onError: () => {},
        },
      });
      for (const parts of list) queue.onMessage(parts);
      queue.acceptAll();
      const good = list.length - queue.strange;
      if (answers.length !== good) throw new Error(`${answers.length} answers to ${good} messages`);
      for (const answer of answers) {
        const { id, op } = JSON.parse(answer) as { id: unknown; op: unknown };
        if (typeof id !== "number" || (op !== "accept" && op !== "drop")) throw new Error(answer);
      }
    },
  );
});

function jsonOf(depth: number): string {
  return `${"[".repeat(depth)}${"]".repeat(depth)}`;
}
