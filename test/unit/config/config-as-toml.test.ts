import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configAsToml, loadAutopilot, parseAutopilot } from "../../../src/config/index.js";
import { policies } from "../../../src/policy/index.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const data = {
  run: 'run.sh "a\tb"',
  notCleanIfValidationFail: "true",
  restPort: 0,
  explorePolicy: "random",
  explorePolicyParam: {
    minInterval: "30ms",
    faultActionProbability: 0.25,
    prioritizedEntities: ["a", "b c"],
    procPolicyParam: { useBatch: false },
  },
  container: { ethernetNFQNumber: 7 },
  faults: [
    { fault: "ENOSPC", path: "**/wal", probability: 0.5 },
    { fault: "drop", atMost: 1 },
  ],
};

describe("configAsToml", () => {
  it.each(["json", "yaml"])("means what the file means: %s", (format) => {
    const file = join(folder, `config.${format}`);
    writeFileSync(file, JSON.stringify(data)); // JSON is YAML
    const { autopilot } = loadAutopilot(file, policies);
    expect(parseAutopilot(configAsToml(file), "toml", "config.toml", policies).autopilot).toEqual(autopilot);
    expect(autopilot.faults).toHaveLength(2);
  });

  it("is a line for each key", () => {
    const file = join(folder, "config.yaml");
    writeFileSync(file, "init: init.sh\nrun: run.sh\nodd key: 1\n");
    expect(configAsToml(file)).toBe('init = "init.sh"\nrun = "run.sh"\n"odd key" = 1\n');
  });
});
