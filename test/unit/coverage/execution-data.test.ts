import { describe, expect, it } from "vitest";
import {
  addTo,
  type ClassExecution,
  CoverageFormatError,
  classId,
  readExecutionData,
} from "../../../src/coverage/index.js";

const header = "01c0c01007";
/** Session "s", from 0 to 1. */
const session = `10000173${"0".repeat(16)}${"0".repeat(15)}1`;
/** Class 00000000000000ff "A" with 10 probes, of which 0, 3 and 9 were hit. */
const execution = "1100000000000000ff0001410a0902";

const file = (...blocks: readonly string[]) => Buffer.from(blocks.join(""), "hex");

describe("readExecutionData", () => {
  it("reads the probes of each class", () => {
    const classes = readExecutionData(file(header, session, execution));
    const hits = [...classes.get("00000000000000ff")!.probes].map(Number).join("");
    expect(hits).toBe("1001000001");
    expect(classes.get("00000000000000ff")!.name).toBe("A");
  });

  it("takes a file that was appended to, and the probes of both dumps", () => {
    const other = "1100000000000000ff0001410a0200";
    const classes = readExecutionData(file(header, execution, header, session, other));
    expect(classes.get("00000000000000ff")!.probes.map(Number).join("")).toBe("1101000001");
  });

  it("reads counts of more than seven bits", () => {
    const many = `1100000000000000ff000141ac02${"00".repeat(38)}`;
    expect(readExecutionData(file(header, many)).get("00000000000000ff")!.probes).toHaveLength(300);
  });

  it("is empty for an empty file", () => {
    expect(readExecutionData(new Uint8Array()).size).toBe(0);
  });

  it.each([
    ["no header", execution],
    ["another version", "01c0c01006"],
    ["another magic number", "01c0c11007"],
    ["an unknown block", `${header}22`],
    ["an end within a class", `${header}${execution.slice(0, -2)}`],
    ["a count without end", `${header}1100000000000000ff000141ffffffffff`],
  ])("throws for %s", (_, hex) => {
    expect(() => readExecutionData(file(hex))).toThrow(CoverageFormatError);
  });
});

describe("addTo", () => {
  it("takes a probe as hit that any was", () => {
    const classes = new Map<string, ClassExecution>();
    const of = (...probes: readonly boolean[]) => ({ id: "1", name: "A", probes });
    addTo(classes, of(true, false, false));
    addTo(classes, of(false, false, true));
    expect(classes.get("1")!.probes).toEqual([true, false, true]);
  });
});

describe("classId", () => {
  // Computed by another implementation of the same CRC: reversed polynomial d800000000000000, from 0, not inverted.
  it("is the CRC-64 of the bytes", () => {
    expect(classId(Buffer.from("123456789"))).toBe("46a5a9388a5beffe");
    expect(classId(Buffer.from("cafebabe00000034010203", "hex"))).toBe("a2c31cf9c00000fd");
  });

  it("is the same for Java 9 as for Java 8", () => {
    expect(classId(Buffer.from("cafebabe00000035010203", "hex"))).toBe("a2c31cf9c00000fd");
  });
});
