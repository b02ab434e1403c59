import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createCampaign,
  openCampaign,
  RunLog,
  readRunLines,
  readSuiteTests,
  runsFileOf,
  storeSuite,
} from "../../../src/campaign/index.js";
import { campaignFile } from "./campaign-file.js";
import { runLine } from "./run-lines.js";

let folder = "";
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "campaign-")), "c");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

describe("createCampaign", () => {
  it("leaves a folder that openCampaign reads, and that only its user may read", () => {
    const made = createCampaign(folder, campaignFile());
    expect(openCampaign(folder)).toEqual(JSON.parse(JSON.stringify(made)));
    expect(statSync(join(folder, "campaign.json")).mode & 0o777).toBe(0o600);
  });

  it("refuses a folder that holds a campaign", () => {
    createCampaign(folder, campaignFile());
    expect(() => createCampaign(folder, campaignFile())).toThrow(/there is a campaign/);
  });

  it("says what it cannot make", () => {
    expect(() => createCampaign("/dev/null/c", campaignFile())).toThrow(
      /cannot make a campaign in \/dev\/null\/c/,
    );
  });
});

describe("openCampaign", () => {
  it.each([
    ["none", undefined, "NMZ_CAMPAIGN_MISSING"],
    ["half of one", '{"nmzCamp', "NMZ_CAMPAIGN_DAMAGED"],
    ["one of another version", '{"nmzCampaign": 99}', "NMZ_CAMPAIGN_VERSION"],
    ["null", "null", "NMZ_CAMPAIGN_VERSION"],
  ])("refuses %s", (_, text, code) => {
    createCampaign(folder, campaignFile());
    if (text === undefined) rmSync(join(folder, "campaign.json"));
    else writeFileSync(join(folder, "campaign.json"), text);
    expect(() => openCampaign(folder)).toThrow(expect.objectContaining({ code }));
  });
});

describe("RunLog", () => {
  beforeEach(() => {
    createCampaign(folder, campaignFile());
  });

  it("appends lines that readRunLines reads in their order", () => {
    const log = new RunLog(folder);
    for (const run of [1, 0, 2]) log.append(runLine(run));
    log.close();
    expect([...readRunLines(folder)].map(({ run }) => run)).toEqual([1, 0, 2]);
  });

  it("cuts off what a killed writer left of a line, however long, before it goes on", () => {
    const log = new RunLog(folder);
    log.append(runLine(0));
    log.close();
    appendFileSync(runsFileOf(folder), `{"run":1,"arm":"${"x".repeat(200_000)}`);
    expect([...readRunLines(folder)].map(({ run }) => run)).toEqual([0]);
    const again = new RunLog(folder);
    again.append(runLine(1));
    again.close();
    expect([...readRunLines(folder)].map(({ run }) => run)).toEqual([0, 1]);
  });

  it("begins anew where nothing but a torn line is there", () => {
    writeFileSync(runsFileOf(folder), '{"run":');
    new RunLog(folder).close();
    expect(readFileSync(runsFileOf(folder), "utf8")).toBe("");
  });
});

describe("readRunLines", () => {
  it("reads nothing where no run has ended", () => {
    createCampaign(folder, campaignFile());
    expect([...readRunLines(folder)]).toEqual([]);
  });

  it.each(["{", "null", "[]", '{"run": -0.5}'])("names the line that is no line: %s", (text) => {
    createCampaign(folder, campaignFile());
    writeFileSync(runsFileOf(folder), `${JSON.stringify(runLine(0))}\n${text}\n`);
    expect(() => [...readRunLines(folder)]).toThrow(/runs\.jsonl, line 2/);
  });
});

describe("storeSuite", () => {
  it("keeps a set of names once, whatever their order", () => {
    createCampaign(folder, campaignFile());
    const id = storeSuite(folder, ["b", "a"]);
    expect(storeSuite(folder, ["a", "b", "a"])).toBe(id);
    expect(readSuiteTests(folder, id)).toEqual(["a", "b"]);
    expect(storeSuite(folder, ["a"])).not.toBe(id);
  });

  it("says which file is not there any more", () => {
    expect(() => readSuiteTests(folder, "0123456789ab")).toThrow(/suites\/0123456789ab\.json/);
  });
});
