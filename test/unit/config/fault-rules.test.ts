import { describe, expect, it } from "vitest";
import { parseAutopilot, renderEffectiveConfig } from "../../../src/config/index.js";

const load = (toml: string) => parseAutopilot(toml, "toml", "f.toml");

describe("[[faults]]", () => {
  it.each([
    ['[[faults]]\nfault = "drpo"', /f\.toml:2: faults\[0\]\.fault: .*did you mean "drop"/],
    ["[[faults]]\nprobability = 1", /f\.toml:1: faults\[0\]: expected a rule with fault/],
    ['[[faults]]\nfault = "drop"\npath = "x"', /f\.toml:3: unknown key "faults\[0\]\.path"/],
    ['[[faults]]\nfault = "drop"\nprobability = 2', /f\.toml:3: .*a number from 0 to 1/],
    [
      '[[faults]]\nfault = "ENOSPC"\n[[faults]]\nfault = "listing"\nop = "pre-write"',
      /f\.toml:5: .*post-opendir/,
    ],
    ['[[faults]]\nfault = "drop"\nafter = "2s"\nuntil = "1s"', /f\.toml:4: .*later than after/],
    ['[[faults]]\nfault = "partition"', /between/],
    ['[[faults]]\nfault = "kill"\nsignal = "SIGFOO"', /f\.toml:3: .*name of a signal/],
  ])("names the line of what is wrong: %j", (toml, message) => {
    expect(() => load(toml)).toThrow(message);
  });

  it("is the same in JSON and YAML, whatever the case of keys and names", () => {
    const inToml = load('[[faults]]\nfault = "enospc"\nPath = "*.log"\natmost = 2').autopilot.faults;
    const json = parseAutopilot(
      '{"faults":[{"fault":"ENOSPC","path":["*.log"],"atMost":2}]}',
      "json",
      "f.json",
    );
    const yaml = parseAutopilot("faults:\n- fault: ENOSPC\n  path: '*.log'\n  atMost: 2\n", "yaml", "f.yaml");
    expect(json.autopilot.faults).toEqual(inToml);
    expect(yaml.autopilot.faults).toEqual(inToml);
  });

  it("hooks the operations that it needs, and is printed so that it can be loaded again", () => {
    const loaded = load('[[faults]]\nfault = "ENOSPC"\nop = ["pre-write"]\nafter = "80ms"\n');
    expect(loaded.autopilot.fs.hooks).toContain("pre-write");
    const printed = renderEffectiveConfig(loaded);
    expect(printed).toMatch(/hooks = .*pre-write/);
    expect(load(printed).autopilot.faults).toEqual(loaded.autopilot.faults);
  });

  it("says before the run which rule has no inspector", () => {
    expect(load('[[faults]]\nfault = "drop"').warnings).toEqual([
      "fault rule 1 (drop) has no effect without container.enableEthernetInspector = true",
    ]);
    const unseen =
      '[[faults]]\nfault = "drop"\ndirection = "input"\n[container]\nenableEthernetInspector = true';
    expect(load(unseen).warnings).toEqual([
      "fault rule 1 (drop): input packets are not looked at; ethernet.directions can name them",
    ]);
  });
});
