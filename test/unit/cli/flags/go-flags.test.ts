import { describe, expect, it } from "vitest";
import {
  type FlagSection,
  goFlags,
  readFlags,
  switchFlag,
  valueFlag,
} from "../../../../src/cli/flags/index.js";

const { flags }: FlagSection<object> = {
  title: "Test",
  flags: goFlags([
    valueFlag({ name: "pid", placeholder: "PID", help: "", apply: () => {} }),
    valueFlag({ name: "cmd", placeholder: "COMMAND", help: "", apply: () => {} }),
    switchFlag({ name: "install-rule", help: "", apply: () => {} }),
  ]),
};

function read(...words: string[]) {
  const { uses, args, wants } = readFlags(words, flags, {
    path: "nmz test",
    isInterspersed: false,
    hasShortHelp: true,
  });
  return { uses: uses.map(({ flag, value }) => `${flag.name}=${value}`), args, wants };
}

describe("Flags with a single dash", () => {
  it.each([
    [["-pid", "42"], ["pid=42"]],
    [["-pid=42"], ["pid=42"]],
    [["--pid", "42"], ["pid=42"]],
    [["--pid=42"], ["pid=42"]],
    [
      ["-cmd", "a b", "-pid=1"],
      ["cmd=a b", "pid=1"],
    ],
    [["-install-rule"], ["install-rule=true"]],
    [["-install-rule=false"], ["install-rule=false"]],
    [["-pid", "-1"], ["pid=-1"]],
    [["-cmd="], ["cmd="]],
  ])("are read as Go's flag package reads them: %j", (words, uses) => {
    expect(read(...words)).toEqual({ uses, args: [], wants: undefined });
  });

  it("end at the first word that is none, and at --", () => {
    expect(read("-pid", "1", "ls", "-pid", "2")).toEqual({
      uses: ["pid=1"],
      args: ["ls", "-pid", "2"],
      wants: undefined,
    });
    expect(read("--", "-pid", "2").args).toEqual(["-pid", "2"]);
  });

  it("leave -h, -help and --help what they are", () => {
    for (const word of ["-h", "-help", "--help"]) expect(read(word).wants).toBe("help");
  });

  it("are named as they were written when they are unknown or lack their value", () => {
    expect(() => read("-pidd", "1")).toThrow("unknown flag: -pidd");
    expect(() => read("--pidd", "1")).toThrow("unknown flag: --pidd");
    expect(() => read("-pid")).toThrow("flag needs an argument: -pid");
  });
});
