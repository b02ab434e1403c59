import { describe, expect, it } from "vitest";
import {
  type Flag,
  type FlagRules,
  listFlag,
  readFlags,
  switchFlag,
  valueFlag,
} from "../../../../src/cli/flags/index.js";

const nothing = (): void => {};
const flags: readonly Flag<object>[] = [
  switchFlag({ name: "rm", help: "", apply: nothing }),
  switchFlag({ name: "interactive", short: "i", help: "", apply: nothing }),
  switchFlag({ name: "tty", short: "t", help: "", apply: nothing }),
  valueFlag({ name: "name", placeholder: "NAME", help: "", apply: nothing }),
  listFlag({ name: "env", short: "e", placeholder: "NAME", help: "", apply: nothing }),
  listFlag({ name: "network", aliases: ["net"], placeholder: "NAME", help: "", apply: nothing }),
];
const strict: FlagRules = { path: "nmzc run", isInterspersed: false, hasShortHelp: false };
const loose: FlagRules = { path: "nmzc logs", isInterspersed: true, hasShortHelp: true };

function read(line: string, rules = strict): string {
  const words = line === "" ? [] : line.split(" ").map((word) => word.replaceAll("_", " "));
  const { uses, args, wants } = readFlags(words, flags, rules);
  const text = uses.map(({ flag, value }) => `${flag.name}=${value}`).join(" ");
  return `${text} | ${args.join(" ")}${wants === undefined ? "" : ` | ${wants}`}`;
}

describe("readFlags", () => {
  it.each([
    ["", " | "],
    ["img", " | img"],
    ["--rm img cmd", "rm=true | img cmd"],
    ["--rm=false img", "rm=false | img"],
    ["--rm true img", "rm=true | true img"],
    ["-it img", "interactive=true tty=true | img"],
    ["-it=false img", "interactive=true tty=false | img"],
    ["-i=true img", "interactive=true | img"],
    ["--name x img", "name=x | img"],
    ["--name=x img", "name=x | img"],
    ["--name= img", "name= | img"],
    ["--name --rm img", "name=--rm | img"],
    ["--name -- img", "name=-- | img"],
    ["-eA=1 img", "env=A=1 | img"],
    ["-e=A=1 img", "env=A=1 | img"],
    ["-e A=1 -e B img", "env=A=1 env=B | img"],
    ["-ite A=1 img", "interactive=true tty=true env=A=1 | img"],
    ["-iteA=1 img", "interactive=true tty=true env=A=1 | img"],
    ["-e= img", "env== | img"],
    ["--net a --network b img", "network=a network=b | img"],
    ["img --rm -it", " | img --rm -it"],
    ["img -- --rm", " | img -- --rm"],
    ["-- img", " | img"],
    ["--rm -- -weird --rm", "rm=true | -weird --rm"],
    ["- x", " | - x"],
    ["--rm --help --bogus", "rm=true |  | help"],
    ["--version", " |  | version"],
  ])("reads `%s` as pflag does", (line, expected) => {
    expect(read(line)).toBe(expected);
  });

  it("takes flags after arguments where the command wants that", () => {
    expect(read("web --rm -e A x", loose)).toBe("rm=true env=A | web x");
    expect(read("web -- --rm", loose)).toBe(" | web --rm");
  });

  it("reads -h as help only where it is no flag", () => {
    expect(read("-h", loose)).toBe(" |  | help");
    expect(() => read("-h")).toThrow("unknown shorthand flag: 'h' in -h");
  });

  it.each([
    ["--bogus img", "NMZ_CLI_FLAG_UNKNOWN", "unknown flag: --bogus", "see 'nmzc run --help'"],
    [
      "--nmae x img",
      "NMZ_CLI_FLAG_UNKNOWN",
      "unknown flag: --nmae",
      "did you mean --name? see 'nmzc run --help'",
    ],
    [
      "--nett x img",
      "NMZ_CLI_FLAG_UNKNOWN",
      "unknown flag: --nett",
      "did you mean --net? see 'nmzc run --help'",
    ],
    ["-z img", "NMZ_CLI_FLAG_UNKNOWN", "unknown shorthand flag: 'z' in -z", "see 'nmzc run --help'"],
    ["-itz img", "NMZ_CLI_FLAG_UNKNOWN", "unknown shorthand flag: 'z' in -itz", "see 'nmzc run --help'"],
    ["---x img", "NMZ_CLI_FLAG_UNKNOWN", "bad flag syntax: ---x", "see 'nmzc run --help'"],
    ["--=x img", "NMZ_CLI_FLAG_UNKNOWN", "bad flag syntax: --=x", "see 'nmzc run --help'"],
    ["--name", "NMZ_CLI_FLAG_VALUE", "flag needs an argument: --name", "see 'nmzc run --help'"],
    ["-ite", "NMZ_CLI_FLAG_VALUE", "flag needs an argument: 'e' in -ite", "see 'nmzc run --help'"],
  ])("refuses `%s` with exit code 125, its name and the nearest one", (line, code, message, hint) => {
    expect(() => read(line)).toThrow(expect.objectContaining({ code, message, hint, exitCode: 125 }));
  });
});
