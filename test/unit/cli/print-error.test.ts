import { describe, expect, it } from "vitest";
import { EngineError } from "../../../runtime/engine/index.js";
import { printError } from "../../../src/cli/print-error.js";
import { NmzError } from "../../../src/util/index.js";

function print(error: unknown, env: Record<string, string> = {}, isTTY = false) {
  let text = "";
  const stderr = { isTTY, write: (chunk: string) => (text += chunk) } as unknown as NodeJS.WriteStream;
  return { exitCode: printError(error, "nmzc", stderr, env), text };
}

describe("printError", () => {
  it("prints message and hint, and returns the error's exit code", () => {
    const error = new NmzError("NMZ_X", "no FUSE", { hint: "modprobe fuse", exitCode: 126 });
    expect(print(error)).toEqual({ exitCode: 126, text: "nmzc: no FUSE\nhint: modprobe fuse\n" });
  });

  it("prints the engine's own words with 125", () => {
    expect(print(new EngineError("Conflict. The name is in use"))).toEqual({
      exitCode: 125,
      text: "nmzc: Conflict. The name is in use\n",
    });
  });

  it("prints no control character that an error quotes", () => {
    expect(print(new NmzError("NMZ_X", "it wrote \x1b[2J", { hint: "\x07" })).text).toBe(
      "nmzc: it wrote \\x1b[2J\nhint: \\x07\n",
    );
  });

  it("asks for a report of what nobody expected, without a stack", () => {
    const { exitCode, text } = print(new TypeError("x is not a function"));
    expect(exitCode).toBe(125);
    expect(text).toBe(
      "nmzc: x is not a function\nhint: this should not happen: please report it, with what NMZ_DEBUG=1 prints\n",
    );
    expect(print("a string").text).toContain("nmzc: a string\n");
  });

  it("prints stack and causes under NMZ_DEBUG", () => {
    const error = new NmzError("NMZ_X", "outer", { cause: new Error("inner") });
    const { text } = print(error, { NMZ_DEBUG: "1" });
    expect(text).toContain("at ");
    expect(text).toMatch(/caused by: Error: inner/);
    expect(print(error, { NMZ_DEBUG: "" }).text).not.toContain("at ");
  });

  it("colours a terminal, but not where NO_COLOR is set", () => {
    expect(print(new NmzError("NMZ_X", "m"), {}, true).text).toContain("\u001b[");
    expect(print(new NmzError("NMZ_X", "m"), { NO_COLOR: "1" }, true).text).toBe("nmzc: m\n");
    expect(print(new NmzError("NMZ_X", "m"), { TERM: "dumb" }, true).text).toBe("nmzc: m\n");
  });
});
