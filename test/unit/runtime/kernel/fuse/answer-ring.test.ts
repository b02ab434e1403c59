import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  AnswerReader,
  AnswerWriter,
  createAnswerRing,
} from "../../../../../runtime/kernel/fuse/answer-ring.js";

function ring() {
  const buffer = createAnswerRing();
  let wakes = 0;
  const writer = new AnswerWriter(buffer, () => {
    wakes += 1;
  });
  const reader = new AnswerReader(buffer);
  const taken: [number, number, number][] = [];
  const drain = () => reader.drain((...answer) => taken.push(answer));
  return { writer, reader, taken, drain, wakes: () => wakes };
}

describe("The answer ring", () => {
  it("brings answers over in their order", () => {
    const { writer, reader, taken, drain } = ring();
    expect(reader.hasAnswers).toBe(false);
    writer.push(1, 0);
    writer.push(2, 4097, -5);
    expect(reader.hasAnswers).toBe(true);
    drain();
    expect(taken).toEqual([
      [1, 0, 0],
      [2, 4097, -5],
    ]);
    expect(reader.hasAnswers).toBe(false);
  });

  it("loses none when more come at once than it holds", async () => {
    const { writer, taken, drain } = ring();
    for (let id = 1; id <= 10_000; id++) writer.push(id, id % 7, id % 5);
    while (taken.length < 10_000) {
      drain();
      await sleep(1);
    }
    expect(taken).toEqual(
      Array.from({ length: 10_000 }, (_, index) => [index + 1, (index + 1) % 7, (index + 1) % 5]),
    );
  });

  it("wakes the reader only when it sleeps", () => {
    const { writer, reader, drain, wakes } = ring();
    writer.push(1, 0);
    expect(wakes()).toBe(0);
    expect(reader.fallAsleep()).toBe(false);
    drain();
    expect(reader.fallAsleep()).toBe(true);
    writer.push(2, 0);
    writer.push(3, 0);
    expect(wakes()).toBe(1);
  });

  it("tells what was decided, also past the end of 32 bits", () => {
    const { writer, reader } = ring();
    writer.decide(5);
    expect([reader.isDecided(5), reader.isDecided(6)]).toEqual([true, false]);
    writer.decide(-0x8000_0000);
    expect([reader.isDecided(0x7fff_ffff), reader.isDecided(-0x7fff_ffff)]).toEqual([true, false]);
  });

  it("wakes the reader at the release, asleep or not", () => {
    const { writer, reader, wakes } = ring();
    writer.release();
    expect(reader.isReleased).toBe(true);
    expect(wakes()).toBe(1);
  });
});
