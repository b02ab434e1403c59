import { describe, expect, it } from "vitest";
import { terminalStanding } from "../../../../runtime/kernel/terminal/foreground.js";

describe("terminalStanding", () => {
  it("reads group, terminal and foreground group behind a name that may hold anything", () => {
    const stat = (fields: string) => `7 (a ) b) S 1 ${fields} 4194304 0`;
    expect(terminalStanding(stat("7 7 0 -1"))).toEqual({ hasTerminal: false, isForeground: false });
    expect(terminalStanding(stat("7 5 34816 7"))).toEqual({ hasTerminal: true, isForeground: true });
    expect(terminalStanding(stat("7 5 34816 5"))).toEqual({ hasTerminal: true, isForeground: false });
  });
});
