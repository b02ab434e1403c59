import { describe, expect, it } from "vitest";
import { sameFailures, signatureOf } from "../../../src/verdict/index.js";

const stack = (line: number, method = "take") =>
  `\tat org.example.Queue.${method}(Queue.java:${line})\n\tat org.example.QueueTest.takesWhatWasPut(QueueTest.java:${line + 3})`;

describe("sameFailures", () => {
  const earlier = [
    { campaign: "monday", signatures: [signatureOf("expected 3 but was 4", stack(10))] },
    { campaign: "sunday", signatures: [signatureOf("no route to host", "")] },
  ];

  it("finds a failure again at other lines and with other numbers", () => {
    const now = signatureOf("expected 5 but was 17", stack(99));
    expect(sameFailures(earlier, [now])).toEqual([
      { id: now.id, campaign: "monday", earlierId: now.id, kind: "same" },
    ]);
  });

  it("calls it alike where the message is the same and it came there in another way", () => {
    const now = signatureOf("expected 5 but was 17", stack(99, "poll"));
    expect(sameFailures(earlier, [now])).toMatchObject([{ campaign: "monday", kind: "alike" }]);
  });

  it("says nothing of a failure without a stack whose message is another", () => {
    expect(sameFailures(earlier, [signatureOf("no route to hell", "")])).toEqual([]);
  });
});
