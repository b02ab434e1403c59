import { describe, expect, it } from "vitest";
import { decisionWords, HumanOrdinals, ordinalWord, scheduleWords } from "../../../src/replay/words/index.js";
import { fileDecision, packetDecision } from "./simulated-workload.js";

const batch = { Policy: 3, Flags: 0, Nice: 0, Priority: 0, Runtime: 0, Deadline: 0, Period: 0 };
const write = {
  ...fileDecision(3, 0),
  hint: "pre-write:db.log",
  about: { op: "pre-write", path: "db.log" },
};

describe("decisionWords", () => {
  it("counts packets by connection, direction and kind, not by contents", () => {
    const all = [packetDecision(0), packetDecision(3, 80), packetDecision(6)];
    const ordinals = new HumanOrdinals(all, [all[1]!]);
    expect(decisionWords(all[1]!, { ordinals })).toBe(
      "the 2nd data packet 10.0.0.2→10.0.0.3:80 late by 80ms",
    );
  });

  it("counts in the order of arrival, not of departure", () => {
    const all = [packetDecision(0, 500), packetDecision(3, 1)];
    expect(decisionWords(all[1]!, { ordinals: new HumanOrdinals(all, all) })).toContain(
      "the 2nd data packet",
    );
  });

  it("says faults of files", () => {
    const fault = { kind: "errno", errno: "ENOSPC" } as const;
    expect(decisionWords({ ...write, fault })).toBe("the 3rd write of db.log failed with ENOSPC");
    expect(decisionWords({ ...write, fault: { kind: "torn", share: 0.4 } })).toContain("torn after 40 %");
  });

  it("tells a birth, at which only new threads are decided on, from a sweep", () => {
    const one = { ...write, event: "ProcSetEvent", entity: "proc", hint: "threads:1", attributes: [batch] };
    const birth = { ...one, n: 2, arrivedMs: 5, about: { birth: true } };
    const sweep = { ...one, n: 1, arrivedMs: 1, about: {} };
    const ordinals = new HumanOrdinals([sweep, birth], [sweep, birth]);
    expect(decisionWords(sweep, { ordinals })).toBe("thread 1 of 1 scheduled SCHED_BATCH at the first sweep");
    expect(decisionWords(birth, { ordinals })).toBe(
      "the new thread scheduled SCHED_BATCH at the first birth",
    );
    const two = { ...birth, attributes: [batch, batch] };
    expect(decisionWords(two, { ordinals })).toContain("new thread 2 of 2 scheduled SCHED_BATCH");
  });

  it("says which thread of how many", () => {
    const attributes = Array.from({ length: 12 }, (_, index) => (index === 3 ? batch : undefined));
    const sweep = {
      ...write,
      event: "ProcSetEvent",
      entity: "proc",
      hint: "threads:12",
      about: {},
      attributes,
    };
    expect(decisionWords(sweep)).toBe("thread 4 of 12 scheduled SCHED_BATCH at the 3rd sweep");
  });

  it("says calls and returns of functions", () => {
    const call = {
      ...write,
      event: "JavaFunctionEvent",
      n: 2,
      delayMs: 10,
      about: { op: "call", function: "Foo#bar" },
    };
    expect(decisionWords(call)).toBe("the 2nd call of Foo#bar late by 10ms");
    expect(decisionWords({ ...call, about: { op: "return", function: "Foo#bar" } })).toBe(
      "the 2nd return from Foo#bar late by 10ms",
    );
  });

  it("goes by the ends where the hint is somebody else's", () => {
    const packet = { ...packetDecision(0, 5), hint: "anything", about: { src: "a", dst: "b" } };
    expect(decisionWords(packet)).toBe("the first packet a→b late by 5ms");
  });
});

describe("scheduleWords", () => {
  it("is one sentence, and names the inspectors where there are several", () => {
    const [packet, fsync] = [packetDecision(0, 80), fileDecision(1)];
    expect(scheduleWords([packet])).toBe("the first data packet 10.0.0.2→10.0.0.3:80 late by 80ms");
    expect(scheduleWords([packet, fsync])).toBe(
      "the first data packet 10.0.0.2→10.0.0.3:80 (net) late by 80ms, and the first fsync of log.1 (fs) late by 300ms",
    );
    expect(scheduleWords([])).toBe("nothing");
  });
});

describe("ordinalWord", () => {
  it.each([
    [1, "first"],
    [2, "2nd"],
    [3, "3rd"],
    [4, "4th"],
    [11, "11th"],
    [21, "21st"],
    [112, "112th"],
  ])("says %d as %s", (n, word) => {
    expect(ordinalWord(n)).toBe(word);
  });
});
