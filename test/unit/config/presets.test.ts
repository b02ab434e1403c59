import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chosenAutopilot } from "../../../src/cli/preset-flag.js";
import { loadAutopilot, parseAutopilot } from "../../../src/config/index.js";
import { presetFile, presetNames } from "../../../src/config/presets.js";

describe("presets", () => {
  it("are the files in runtime/autopilot", () => {
    expect(readdirSync("runtime/autopilot").sort()).toEqual(presetNames.map((name) => `${name}.toml`).sort());
  });

  it("say in docs/presets.md what they say in their first line", () => {
    const rows = presetNames.map((name) => {
      const [first = ""] = readFileSync(presetFile(name), "utf8").split("\n");
      return `| \`${name}\` | ${first.replace("# ", "")} |`;
    });
    const docs = readFileSync("docs/presets.md", "utf8");
    expect(docs.split("\n").filter((line) => line.startsWith("| `"))).toEqual(rows);
  });

  it("include what nmzc run does without a config, under the name gentle", () => {
    const { autopilot } = loadAutopilot(presetFile("gentle"));
    expect(autopilot.explorePolicyParam).toEqual({
      ...{ minInterval: "0ms", maxInterval: "20ms" },
      procPolicy: "mild",
    });
  });

  it("are refused under a name that there is not, with the one that was meant", () => {
    expect(() => presetFile("ntework")).toThrow('no preset "ntework", did you mean network?');
    expect(() => presetFile("../../etc/passwd")).toThrow("no preset");
  });

  it("and a file exclude each other", () => {
    expect(chosenAutopilot({ preset: "disk", autopilotFile: undefined })).toBe(presetFile("disk"));
    expect(chosenAutopilot({ preset: undefined, autopilotFile: "a.toml" })).toBe("a.toml");
    expect(() => chosenAutopilot({ preset: "disk", autopilotFile: "a.toml" })).toThrow("exclude each other");
  });
});

describe("proc.cpus", () => {
  it("is said to have no effect where threads are left alone", () => {
    const { warnings } = parseAutopilot(
      "[container]\nenableProcInspector = false\n[proc]\ncpus = 1\n",
      "toml",
      "a.toml",
    );
    expect(warnings).toEqual(["proc.cpus has no effect without container.enableProcInspector = true"]);
  });
});
