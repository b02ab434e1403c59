import { describe, expect, it } from "vitest";
import { decodeSearchModeInfo, encodeSearchModeInfo } from "../../../src/experiment/storage/index.js";

/** The whole file of a storage of three runs, as Namazu wrote it. */
const ofThreeRuns =
  "32ff810301010e7365617263684d6f6465496e666f01ff8200010101114e72436f6c6c656374656454726163657301040000" +
  "0005ff82010600";

describe("encodeSearchModeInfo", () => {
  it("writes the bytes that Namazu writes", () => {
    expect(encodeSearchModeInfo(3).toString("hex")).toBe(ofThreeRuns);
  });

  it("leaves a count of 0 out, as gobs do", () => {
    expect(encodeSearchModeInfo(0).subarray(0x33).toString("hex")).toBe("03ff8200");
  });

  it.each([
    [63, "05ff82017e00"],
    [64, "06ff8201ff8000"],
    [128, "07ff8201fe010000"],
    [100_000, "08ff8201fd030d4000"],
  ])("counts %i in as many bytes as it takes", (count, hex) => {
    expect(encodeSearchModeInfo(count).subarray(0x33).toString("hex")).toBe(hex);
  });
});

describe("decodeSearchModeInfo", () => {
  it.each([0, 1, 3, 63, 64, 255, 256, 65_536, 2 ** 31])("reads back %i", (count) => {
    expect(decodeSearchModeInfo(encodeSearchModeInfo(count))).toBe(count);
  });

  it("throws for what is cut off, at any place but the last byte of padding", () => {
    const bytes = encodeSearchModeInfo(3);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSearchModeInfo(bytes.subarray(0, length))).toThrow(/gob/);
    }
  });
});
