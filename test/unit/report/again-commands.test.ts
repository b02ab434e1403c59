import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CampaignFile, openCampaign } from "../../../src/campaign/index.js";
import { campaignCommand, replayCommand, seedCommand } from "../../../src/report/read/again-commands.js";
import { makeCampaign } from "../../helpers/campaign-folder.js";

let parent: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), "nmzt-report-"));
});
afterAll(() => rmSync(parent, { recursive: true }));

let count = 0;
function campaign(changes: Partial<CampaignFile> = {}) {
  const folder = join(parent, String(count++));
  makeCampaign(folder, { runs: 1, kept: 0, changes });
  return openCampaign(folder);
}

const command: Partial<CampaignFile> = {
  kind: "command",
  runArguments: ["--preset=threads", "--", "./it's a test"],
};
const run = { seed: "5eed", choice: undefined, folder: undefined };

describe("seedCommand", () => {
  it("repeats a run of a container, shaken or plain", () => {
    const words = "--preset=nasty '--volume=/src/my store:/src' example/store:1.4 mvn -q test";
    expect(seedCommand(campaign(), { ...run, arm: "fuzzed" })).toBe(`nmzc run --rm --nmz-seed 5eed ${words}`);
    expect(seedCommand(campaign(), { ...run, arm: "plain" })).toBe(
      `nmzc run --rm --nmz-seed 5eed --nmz-disable ethernet,fs,proc ${words}`,
    );
  });

  it("leaves the agent out of a plain run, as the loop did, and nothing of the workload's own", () => {
    const runArguments = ["--nmz-java=/app", "--env=HOME", "image", "--nmz-java=1"];
    expect(seedCommand(campaign({ runArguments }), { ...run, arm: "plain" })).toBe(
      "nmzc run --rm --nmz-seed 5eed --nmz-disable ethernet,fs,proc --env=HOME image --nmz-java=1",
    );
  });

  it("does not tell the values of environment variables, which may be passwords", () => {
    const runArguments = ["--env=TOKEN=s3cret\n=x", "--env=HOME", "image", "--env=A=b"];
    expect(seedCommand(campaign({ runArguments }), { ...run, arm: "fuzzed" })).toBe(
      "nmzc run --rm --nmz-seed 5eed --env=TOKEN --env=HOME image --env=A=b",
    );
  });

  it("repeats a command, quoted as a shell wants it", () => {
    const quoted = "'./it'\\''s a test'";
    expect(seedCommand(campaign(command), { ...run, arm: "fuzzed" })).toBe(
      `nmz inspectors proc --seed 5eed --preset=threads -- ${quoted}`,
    );
    expect(seedCommand(campaign(command), { ...run, arm: "plain" })).toBe(quoted);
  });

  it("names the config that --tune chose, where it is kept, and says nothing where not", () => {
    const tuned = campaign();
    const order = { ...run, arm: "fuzzed" as const, choice: "disk-pct" };
    expect(seedCommand(tuned, order)).toBeUndefined();
    mkdirSync(join(tuned.folder, "choices"));
    writeFileSync(join(tuned.folder, "choices", "disk-pct.toml"), "");
    expect(seedCommand(tuned, order)).toContain(`--nmz-autopilot ${tuned.folder}/choices/disk-pct.toml `);
  });
});

describe("replayCommand", () => {
  it("is of the program that made the campaign, where there is a record", () => {
    const replayOf = (changes: Partial<CampaignFile>) => {
      const folder = join(parent, String(count++));
      makeCampaign(folder, { runs: 1, kept: 1, changes });
      const example = { ...run, folder: "runs/000000" };
      expect(replayCommand(openCampaign(folder), { ...example, arm: "plain" })).toBeUndefined();
      return replayCommand(openCampaign(folder), { ...example, arm: "fuzzed" })?.replace(folder, "DIR");
    };
    expect(replayOf({})).toBe("nmzc replay DIR/runs/000000");
    expect(replayOf(command)).toBe("nmz replay DIR/runs/000000");
    expect(replayCommand(campaign(), { ...run, arm: "fuzzed" })).toBeUndefined();
  });
});

describe("campaignCommand", () => {
  it("tells a share as it was typed, not as its product with 100 is rounded", () => {
    const stop = { runs: undefined, untilFailure: false, forMs: undefined, untilInterval: 0.07 };
    expect(campaignCommand(campaign({ stop }).file)).toContain(" --until-interval 7% ");
  });

  it("is what was typed", () => {
    expect(campaignCommand(campaign({ hasBaseline: true, results: ["*.xml"] }).file)).toBe(
      "nmzc loop -n 200 --baseline -j 2 --timeout 60s --results '*.xml' --seed 'a seed' --preset=nasty '--volume=/src/my store:/src' example/store:1.4 mvn -q test",
    );
  });
});
