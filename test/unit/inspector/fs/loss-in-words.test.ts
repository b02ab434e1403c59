import { describe, expect, it } from "vitest";
import { lossInWords } from "../../../../src/inspector/fs/loss-in-words.js";

describe("lossInWords", () => {
  it("sums writes and bytes and names the files", () => {
    const lost = [
      { path: "log.1", writes: 2, bytes: 8192 },
      { path: "index", writes: 1, bytes: 4096 },
    ];
    expect(lossInWords(lost)).toBe("3 writes (12,288 bytes) in 2 files: log.1, index");
  });

  it("counts a file once that was lost twice, and one of a thing as one", () => {
    expect(lossInWords([{ path: "a", writes: 1, bytes: 1 }])).toBe("1 write (1 byte) in 1 file: a");
    const twice = [1, 2].map((bytes) => ({ path: "a", writes: 1, bytes }));
    expect(lossInWords(twice)).toBe("2 writes (3 bytes) in 1 file: a");
  });

  it("names a few files of many", () => {
    const lost = Array.from({ length: 7 }, (_, index) => ({ path: `f${index}`, writes: 1, bytes: 0 }));
    expect(lossInWords(lost)).toBe("7 writes (0 bytes) in 7 files: f0, f1, f2, f3, f4, and 2 more");
  });

  it("says that nothing was lost", () => {
    expect(lossInWords([])).toBe("nothing: everything was synced");
  });
});
