import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createSharedRing,
  SharedRingReader,
  SharedRingWriter,
} from "../../../../runtime/kernel/shared-ring.js";

function write(writer: SharedRingWriter, text: string): void {
  const bytes = Buffer.from(text);
  writer.reserve(bytes.length).set(bytes);
  writer.commit(bytes.length);
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("SharedRing", () => {
  it("refuses a capacity that is no power of two of at least 1024", () => {
    expect(() => createSharedRing(1000)).toThrow(RangeError);
    expect(() => createSharedRing(512)).toThrow(RangeError);
  });

  it("refuses a record of more than a quarter of the ring", () => {
    const writer = new SharedRingWriter(createSharedRing(1024));
    expect(() => writer.reserve(300)).toThrow("does not fit");
  });

  it("hands over what was written before the reader started", () => {
    const ring = createSharedRing(1024);
    const seen: string[] = [];
    write(new SharedRingWriter(ring), "early");
    new SharedRingReader(ring, { onRecord: (record) => seen.push(Buffer.from(record).toString()) }).start();
    expect(seen).toEqual(["early"]);
  });

  it("gives all records in order, whatever their lengths, many times round the ring", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 60 }), { maxLength: 200 }), async (texts) => {
        const ring = createSharedRing(1024);
        const writer = new SharedRingWriter(ring);
        const seen: string[] = [];
        const reader = new SharedRingReader(ring, {
          onRecord: (record) => seen.push(Buffer.from(record).toString()),
        });
        reader.start();
        for (const [index, text] of texts.entries()) {
          write(writer, text);
          if (index % 3 === 2) await turn();
        }
        reader.stop();
        expect(seen).toEqual(texts.map((text) => Buffer.from(text).toString()));
      }),
      { numRuns: 50 },
    );
  });

  it("wakes for a record that comes while it handles the end of a batch", async () => {
    const ring = createSharedRing(1024);
    const writer = new SharedRingWriter(ring);
    const seen: string[] = [];
    let isFirst = true;
    const reader = new SharedRingReader(ring, {
      onRecord: (record) => seen.push(Buffer.from(record).toString()),
      onBatchEnd: () => {
        if (isFirst) write(writer, "in between");
        isFirst = false;
      },
    });
    reader.start();
    write(writer, "first");
    for (let i = 0; i < 5; i++) await turn();
    expect(seen).toEqual(["first", "in between"]);
    reader.stop();
  });

  it("tells the end of a batch once for records that came together", async () => {
    const ring = createSharedRing(1024);
    const writer = new SharedRingWriter(ring);
    const log: string[] = [];
    for (const text of ["a", "b", "c"]) write(writer, text);
    const reader = new SharedRingReader(ring, {
      onRecord: (record) => log.push(Buffer.from(record).toString()),
      onBatchEnd: () => log.push("end"),
    });
    reader.start();
    expect(log).toEqual(["a", "b", "c", "end"]);
    reader.stop();
  });

  it("leaves the event loop its turn, however quickly one record follows another", async () => {
    const ring = createSharedRing(1024);
    const writer = new SharedRingWriter(ring);
    const most = 1_000_000;
    let batches = 0;
    await new Promise<void>((resolve) => {
      let hadTurn = false;
      const reader = new SharedRingReader(ring, {
        onRecord: () => {},
        onBatchEnd: () => {
          if (batches++ === 0) {
            setImmediate(() => {
              hadTurn = true;
              reader.stop();
              resolve();
            });
          }
          if (!hadTurn && batches < most) write(writer, "next");
        },
        spinUs: 100_000,
      });
      reader.start();
      write(writer, "first");
    });
    expect(batches).toBeLessThan(most);
  });

  it("hands over nothing after stop", async () => {
    const ring = createSharedRing(1024);
    const writer = new SharedRingWriter(ring);
    const seen: string[] = [];
    const reader = new SharedRingReader(ring, { onRecord: (record) => seen.push(String(record.length)) });
    reader.start();
    reader.stop();
    write(writer, "late");
    await turn();
    await turn();
    expect(seen).toEqual([]);
  });
});
