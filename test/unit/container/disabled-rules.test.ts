import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planRun } from "../../../src/container/run-plan.js";
import { parse } from "../cli/run/parse.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-disabled-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rules = '[[faults]]\nfault = "drop"\n[[faults]]\nfault = "ENOSPC"\n[[faults]]\nfault = "pause"\n';

async function warnings(config: string, disabled: string): Promise<readonly string[]> {
  const file = join(folder, "shake.toml");
  writeFileSync(file, `${config}${rules}`);
  const { loaded } = await planRun(parse(`--nmz-autopilot ${file} --nmz-disable ${disabled} debian`));
  return loaded.warnings.filter((line) => line.startsWith("fault rule"));
}

describe("fault rules and --nmz-disable", () => {
  it("are said to match nothing where their inspector was disabled", async () => {
    const on = "[container]\nenableEthernetInspector = true\n";
    expect(await warnings(on, "ethernet,proc")).toEqual([
      "fault rule 1 (drop) can match nothing: --nmz-disable ethernet",
      "fault rule 3 (pause) can match nothing: --nmz-disable proc",
    ]);
    expect(await warnings(on, "fs")).toEqual(["fault rule 2 (ENOSPC) can match nothing: --nmz-disable fs"]);
  });

  it("are told of once where the config itself leaves the inspector out", async () => {
    expect(await warnings("", "ethernet")).toEqual([
      "fault rule 1 (drop) has no effect without container.enableEthernetInspector = true",
    ]);
  });
});
