import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Report,
  readReport,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
  reportVersion,
} from "../../../src/report/index.js";
import { makeCampaign } from "../../helpers/campaign-folder.js";

const hostile = "</script><img src=x onerror=alert(1)>`|]]>\u0007\u2028&amp;<!--";
let folder: string;
let calm: Report;
let wild: Report;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzt-report-"));
  makeCampaign(join(folder, "calm"), { runs: 120, hasBaseline: true, tests: 8, kept: 3, events: 40 });
  makeCampaign(join(folder, "wild"), { runs: 120, tests: 8, kept: 3, events: 40, hostile });
  [calm, wild] = [readReport(join(folder, "calm")), readReport(join(folder, "wild"))];
});
afterAll(() => rmSync(folder, { recursive: true }));

const assets = { script: "run('</script>')", style: "p{}" };

function html({ data, timelines }: Report): string {
  return renderHtml(data, timelines, assets, renderMarkdown(data));
}

interface Case {
  readonly classname: string;
  readonly name: string;
  failure: string | undefined;
  readonly properties: Map<string, string>;
}

function readJunit(xml: string): { suite: Record<string, string>; cases: Case[] } {
  const cases: Case[] = [];
  let suite: Record<string, string> = {};
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (name === "testsuite") suite = attributes;
    if (name === "testcase") {
      cases.push({
        classname: attributes["classname"]!,
        name: attributes["name"]!,
        failure: undefined,
        properties: new Map(),
      });
    }
    if (name === "failure") cases.at(-1)!.failure = attributes["message"];
    if (name === "property") cases.at(-1)?.properties.set(attributes["name"]!, attributes["value"]!);
  });
  parser.write(xml).close();
  return { suite, cases };
}

describe("renderHtml", () => {
  it("has no markup in it that the data brought", () => {
    const text = html(wild);
    expect(text).not.toContain("<img");
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text.match(/<!--/g)).toBeNull();
  });

  it("allows its own script and style, by their digests, and nothing else", () => {
    const text = html(calm);
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(text)!;
    const digest = (code: string) => createHash("sha256").update(code).digest("base64");
    expect(policy).toBe(
      `default-src 'none'; script-src 'sha256-${digest("run('<\\/script>')")}'; style-src 'sha256-${digest("p{}")}'; base-uri 'none'; form-action 'none'`,
    );
    expect(text).not.toMatch(/https?:\/\//);
  });

  it("has all data in it", () => {
    const [, embedded] = /<script type="application\/json" id="report">(.*)<\/script>/.exec(html(wild))!;
    expect(JSON.parse(embedded!)).toEqual(JSON.parse(JSON.stringify(wild)));
  });
});

describe("renderJson", () => {
  it("says its version, and the same twice", () => {
    const text = renderJson(calm.data);
    expect(JSON.parse(text)).toMatchObject({ nmzReport: reportVersion });
    expect(renderJson(readReport(join(folder, "calm")).data)).toBe(text);
  });
});

describe("renderMarkdown", () => {
  it("begins with the verdict, and is short", () => {
    const text = renderMarkdown(calm.data);
    const { failed, of } = calm.data.fuzzed.rate;
    expect(text.split("\n")[0]).toBe(`## ❌ ${failed} of ${of} shaken runs failed`);
    expect(text.length).toBeLessThan(8000);
    expect(text).toContain("| `org.example.store.QueueTest > keepsWhatWasSynced` |");
  });

  it("shows hostile names as they are, inside code", () => {
    const text = renderMarkdown(wild.data);
    const outside = text
      .replace(/(`{3,})[\s\S]*?\n\1/g, "")
      .replace(/(`+)(?:(?!\1)[\s\S])*?[^`]\1(?!`)/g, "");
    expect(outside).not.toMatch(/<img|<script|<!--/);
  });

  it("says that nothing failed", () => {
    const rate = { failed: 0, of: 50, rate: 0, low: 0, high: 0.07 };
    const fuzzed = { ...calm.data.fuzzed, rate, firstFailure: undefined, timeouts: 0 };
    const nothing = {
      ...calm.data,
      fuzzed,
      plain: undefined,
      comparison: undefined,
      failures: [],
      tests: [],
      together: [],
    };
    expect(renderMarkdown(nothing)).toMatch(
      /^## ✅ None of 50 runs failed\n\n\*\*0 % \(95 % interval 0 % to 7.0 %\)\*\*/,
    );
    const rested = { ...nothing, tests: [{ name: "a", rate, plain: undefined }], skippedTests: 10 };
    expect(renderMarkdown(rested)).toContain("None of 1 test failed. 10 more tests were skipped in a run.\n");
    const tests = ["a", "b"].map((name) => ({ name, rate, plain: undefined }));
    expect(renderMarkdown({ ...nothing, tests })).toContain("\n\nNone of 2 tests failed.\n");
    const failing = { ...fuzzed, rate: { ...rate, failed: 3, rate: 0.06 } };
    expect(renderMarkdown({ ...nothing, tests, fuzzed: failing })).toContain(
      "\n\nNone of 2 tests failed: the runs failed outside of them.\n",
    );
  });

  it("begins with the rate of what --tune chose, and has what it tried as a table", () => {
    const rate = (failed: number, of: number) => ({ failed, of, rate: failed / of, low: 0.1, high: 1 });
    const tuning = {
      tried: [
        { choice: "one-cpu", meaning: "on one CPU", rate: rate(2, 2) },
        { choice: "gentle", meaning: "a little", rate: rate(0, 2) },
      ],
      ...{ chosen: "one-cpu", since: rate(14, 14) },
    };
    const text = renderMarkdown({ ...calm.data, tuning });
    expect(text).toMatch(/^## ❌ 14 of 14 shaken runs failed since --tune chose one-cpu\n\n\*\*100 % /);
    expect(text).toContain("Of what was tried over 4 runs, one-cpu failed most often");
    expect(text).toContain("| **`one-cpu`** | `on one CPU` | 2 of 2 | 100 % | 10 % to 100 % |");
    const young = { ...tuning, chosen: undefined, since: { ...rate(0, 1), of: 0 } };
    const { failed, of } = calm.data.fuzzed.rate;
    expect(renderMarkdown({ ...calm.data, tuning: young })).toContain(`## ❌ ${failed} of ${of} shaken runs`);
  });

  it("says that it is clear where the campaign stopped because it was", () => {
    const comparison = { ...calm.data.comparison!, sequentialP: 0.05, isClear: true };
    expect(renderMarkdown({ ...calm.data, comparison })).toMatch(/Shaken, it fails (more|less) often:/);
  });

  it("tells no odds ratio where plain and shaken runs all ended alike", () => {
    const comparison = {
      ...{ fisherP: 1, sequentialP: 1, isClear: false },
      ...{ oddsRatio: undefined, oddsLow: 0, oddsHigh: undefined },
    };
    expect(renderMarkdown({ ...calm.data, comparison })).toContain("no odds ratio, because all ended alike;");
  });
});

describe("a campaign that has just begun", () => {
  it("has a report in each form, which says so", () => {
    const young = join(folder, "young");
    makeCampaign(young, { runs: 0, hasBaseline: true });
    const report = readReport(young);
    expect(renderMarkdown(report.data)).toMatch(/^## ❔ No run has a result yet\n/);
    expect(readJunit(renderJunit(report.data)).suite).toMatchObject({ tests: "1", failures: "0" });
    expect(html(report)).toContain("<title>No run has a result yet: ");
  });
});

describe("renderJunit", () => {
  it("has each test once, failed when it failed in any run, with its rate", () => {
    const { suite, cases } = readJunit(renderJunit(calm.data));
    const failed = calm.data.tests.filter(({ rate, plain }) => rate.failed + plain!.failed > 0);
    expect(suite).toMatchObject({ tests: "8", failures: String(failed.length) });
    expect(cases).toHaveLength(8);
    const lost = cases.find(({ name }) => name === "keepsWhatWasSynced")!;
    const { rate } = calm.data.tests.find(({ name }) => name.endsWith("keepsWhatWasSynced"))!;
    expect(lost.classname).toBe("org.example.store.QueueTest");
    expect(lost.failure).toContain(`failed in ${rate.failed} of ${rate.of} runs`);
    expect(lost.properties.get("nmz.flaky")).toBe("true");
    expect(cases.filter(({ failure }) => failure !== undefined)).toHaveLength(failed.length);
  });

  it("is XML whatever tests are called", () => {
    const { cases } = readJunit(renderJunit(wild.data));
    const name = `keepsWhatWasSynced${hostile.replace("\u0007", "\ufffd")}`;
    expect(cases.some((each) => each.name === name)).toBe(true);
  });

  it("makes a case of the run itself where there are no test results", () => {
    const bare = join(folder, "bare");
    makeCampaign(bare, { runs: 60, kept: 0 });
    const { data } = readReport(bare);
    const { suite, cases } = readJunit(renderJunit(data));
    expect(suite).toMatchObject({ tests: "1", failures: "1" });
    expect(cases[0]).toMatchObject({
      name: "the run itself",
      failure: expect.stringContaining(`of ${data.fuzzed.rate.of} runs`),
    });
  });
});
