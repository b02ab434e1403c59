import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  defaultAutopilot,
  parseAutopilot,
  renderConfigDocs,
  renderEffectiveConfig,
} from "../../../src/config/index.js";
import { policies } from "../../../src/policy/index.js";

describe("renderEffectiveConfig", () => {
  it("says of every line where its value came from", () => {
    const loaded = parseAutopilot(
      'run = "go.sh"\n[container]\nprocWatchInterval = "1.5s"\n',
      "toml",
      "a.toml",
      policies,
    );
    const lines = renderEffectiveConfig(loaded).split("\n");
    expect(lines.find((line) => line.startsWith("run "))).toMatch(/^run = "go\.sh" +# a\.toml:1$/);
    expect(lines.find((line) => line.startsWith("procWatch"))).toMatch(
      /^procWatchInterval = "1\.5s" +# a\.toml:3$/,
    );
    expect(lines.find((line) => line.startsWith("restPort"))).toMatch(/^restPort = -1 +# default$/);
    expect(lines.find((line) => line.includes("maxInterval"))).toMatch(
      /^# maxInterval = minInterval +# default$/,
    );
    for (const line of lines.filter((text) => text !== "" && !text.startsWith("["))) {
      expect(line).toMatch(/ {2}# (?:default|preset|a\.toml:\d+)$/);
    }
  });

  it.each([
    ["the preset", defaultAutopilot(policies)],
    ["Namazu's defaults", parseAutopilot("", "toml", "a.toml", policies)],
    [
      "a full file",
      parseAutopilot(
        JSON.stringify({
          run: 'quote " and \\ and \u007f',
          restPort: 0,
          explorePolicyParam: {
            minInterval: 1,
            maxInterval: "1m1.000000001s",
            prioritizedEntities: ["a", "b"],
          },
          ethernet: { match: [{ protocol: ["tcp", "udp"], ports: [1, "2-3"], direction: "input" }, {}] },
          fs: { hooks: [], driver: "fuse-native" },
        }),
        "json",
        "a.json",
        policies,
      ),
    ],
  ])("is read back as the same configuration: %s", (_, loaded) => {
    const again = parseAutopilot(renderEffectiveConfig(loaded), "toml", "shown.toml", policies);
    expect(again.values).toEqual({ ...loaded.values, explorePolicyParam: again.values.explorePolicyParam });
    expect(again.policyParams!.values).toEqual(loaded.policyParams!.values);
    expect({ ...again.autopilot, explorePolicyParam: {} }).toEqual({
      ...loaded.autopilot,
      explorePolicyParam: {},
    });
  });

  it("shows the parameters of an unknown policy as they were written", () => {
    const loaded = parseAutopilot(
      'explorePolicy = "mine"\n[explorePolicyParam]\nlevel = 3\n"odd key" = { a = [1, "b"] }\n',
      "toml",
      "a.toml",
    );
    expect(renderEffectiveConfig(loaded)).toContain("[explorePolicyParam]\nlevel = 3");
    expect(renderEffectiveConfig(loaded)).toContain('"odd key" = { a = [1, "b"] }  # a.toml:4');
  });
});

describe("docs/config.md", () => {
  it("says what the table of keys says", () => {
    expect(readFileSync("docs/config.md", "utf8")).toBe(renderConfigDocs());
  });
});
