import { describe, expect, it } from "vitest";
import {
  parseBytes,
  parseCsvLine,
  parseDurationNs,
  parseInteger,
  parseIpAddress,
  parseNanoCpus,
  parseSwitch,
} from "../../../../src/cli/flags/index.js";

describe("parseBytes", () => {
  it.each([
    ["0", 0],
    ["512", 512],
    ["512b", 512],
    ["64k", 65_536],
    ["64K", 65_536],
    ["1kb", 1024],
    ["2GiB", 2 ** 31],
    ["1.5g", 1.5 * 2 ** 30],
    ["10 mb", 10 * 2 ** 20],
    [".5m", 2 ** 19],
    ["1.0001k", 1024],
    ["3t", 3 * 2 ** 40],
    ["1e3", 1000],
  ])("reads %s", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(["", "abc", "-1", "5x", "5kbb", "5bk", "k", "1..5", "1  k", "0x10"])("refuses `%s`", (text) => {
    expect(() => parseBytes(text)).toThrow("invalid size");
  });
});

describe("parseNanoCpus", () => {
  it.each([
    ["1", 1_000_000_000],
    ["1.5", 1_500_000_000],
    [".5", 500_000_000],
    ["3/2", 1_500_000_000],
    ["5e-1", 500_000_000],
    ["0.000000001", 1],
    ["2e1", 20_000_000_000],
    ["-1", -1_000_000_000],
  ])("reads %s", (text, nano) => {
    expect(parseNanoCpus(text)).toBe(nano);
  });

  it.each(["", "abc", "1/0", "1/3", "0.0000000001", "1.5/2", "1e-100", "1,5"])("refuses `%s`", (text) => {
    expect(() => parseNanoCpus(text)).toThrow();
  });
});

describe("parseInteger", () => {
  it.each([
    ["10", 10],
    ["-1", -1],
    ["+5", 5],
    ["0x10", 16],
    ["010", 8],
    ["0o17", 15],
    ["0b11", 3],
    ["0", 0],
    ["-0", 0],
  ])("reads %s with Go's bases", (text, value) => {
    expect(parseInteger(text)).toBe(value);
  });

  it.each(["", "1.5", "5s", "09", "0x", "1_0", "99999999999999999999"])("refuses `%s`", (text) => {
    expect(() => parseInteger(text)).toThrow();
  });

  it("keeps to a range", () => {
    expect(() => parseInteger("-2", { min: -1 })).toThrow("below -1");
    expect(() => parseInteger("101", { max: 100 })).toThrow("above 100");
  });
});

describe("parseDurationNs", () => {
  it("gives nanoseconds", () => {
    expect(parseDurationNs("1m30s")).toBe(90_000_000_000);
    expect(parseDurationNs("1ns")).toBe(1);
    expect(parseDurationNs("0")).toBe(0);
  });

  it.each(["5", "", "-5s", "1 s"])("refuses `%s`", (text) => {
    expect(() => parseDurationNs(text)).toThrow();
  });
});

describe("parseIpAddress", () => {
  it.each([
    ["1.2.3.4", "1.2.3.4"],
    [" 1.2.3.4 ", "1.2.3.4"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["::1", "::1"],
    ["::ffff:1.2.3.4", "1.2.3.4"],
  ])("reads %s", (text, address) => {
    expect(parseIpAddress(text)).toBe(address);
  });

  it.each(["", "1.2.3", "300.1.1.1", "[::1]", "fe80::1%eth0", "host"])("refuses `%s`", (text) => {
    expect(() => parseIpAddress(text)).toThrow();
  });
});

describe("parseCsvLine", () => {
  it.each([
    ["a", ["a"]],
    ["a,b=c", ["a", "b=c"]],
    ['"a,b",c', ["a,b", "c"]],
    ['"say ""hi""",x', ['say "hi"', "x"]],
    ["a,", ["a", ""]],
    [",a", ["", "a"]],
    ["", [""]],
  ])("cuts %s", (line, fields) => {
    expect(parseCsvLine(line)).toEqual(fields);
  });

  it.each(['"a', 'a"b', '"a"b,c'])("refuses %s", (line) => {
    expect(() => parseCsvLine(line)).toThrow();
  });
});

describe("parseSwitch", () => {
  it("takes the words that Go takes, and no others", () => {
    expect(["1", "t", "T", "true", "TRUE", "True"].map(parseSwitch)).toEqual(Array(6).fill(true));
    expect(["0", "f", "F", "false", "FALSE", "False"].map(parseSwitch)).toEqual(Array(6).fill(false));
    for (const word of ["", "yes", "tRUE", "constructor"]) expect(() => parseSwitch(word)).toThrow();
  });
});
