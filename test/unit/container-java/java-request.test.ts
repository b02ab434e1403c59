import { describe, expect, it } from "vitest";
import { addJavaOption, type JavaRequest } from "../../../src/container/java/java-request.js";

const files: Readonly<Record<string, string>> = { "a.btm": "RULE a", "b.btm": "RULE b" };

function read(path: string): Buffer {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT: ${path}`);
  return Buffer.from(text);
}

function parse(...options: string[]): JavaRequest | undefined {
  return options.reduce<JavaRequest | undefined>(
    (request, option) => addJavaOption(request, option, read),
    undefined,
  );
}

describe("addJavaOption", () => {
  it("gathers functions and the text of scripts over several uses", () => {
    expect(
      parse("functions=a.B#c,a.B#d", "script:a.btm", "functions=e.F$G#<init>", "script:b.btm", "timeout=30s"),
    ).toEqual({
      functions: ["a.B#c", "a.B#d", "e.F$G#<init>"],
      scripts: ["RULE a", "RULE b"],
      options: ["timeout=30s"],
    });
  });

  it("takes the types of parameters and one side of a function for part of its name", () => {
    expect(parse("functions=a.B#c(int,long),a.*#*@call,a.B#d()@return")).toEqual({
      functions: ["a.B#c(int,long)", "a.*#*@call", "a.B#d()@return"],
      scripts: [],
      options: [],
    });
  });

  it.each([
    ["functions=", '"" names no function'],
    ["functions=a.B", '"a.B" names no function'],
    ["functions=a.B#c,", '"" names no function'],
    ["functions=a.B#c d", '"a.B#c d" names no function'],
    ['functions=a.B#c"', "names no function"],
    ["functions=a.B#c(int", "names no function"],
    ["timeout=soon", "must be functions="],
    ["endpoint=localhost:1", "must be functions="],
    ["script:", "no file named"],
    ["script:missing.btm", "ENOENT"],
    ["a.B#c", "must be functions="],
  ])("refuses %s", (option, message) => {
    expect(() => parse(option)).toThrow(message);
  });
});
