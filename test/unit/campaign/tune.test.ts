import { describe, expect, it } from "vitest";
import { choicesFor, choiceToml, searchRunsOf, Tuner } from "../../../src/campaign/tune/index.js";
import { parseAutopilot } from "../../../src/config/index.js";
import { policies } from "../../../src/policy/index.js";
import { hashText, KeyedRandom } from "../../../src/util/index.js";

const everything = { network: true, volumes: true, cpus: 2 };

describe("choicesFor", () => {
  it("has configs that are read without a word", () => {
    const choices = choicesFor(everything);
    expect(choices.length).toBeGreaterThan(9);
    for (const choice of choices) {
      const { warnings } = parseAutopilot(choiceToml(choice), "toml", choice.name, policies);
      expect(warnings, choice.name).toEqual([]);
    }
  });

  it("leaves out what would shake nothing", () => {
    const names = (there: typeof everything) => choicesFor(there).map(({ name }) => name);
    expect(names({ network: false, volumes: false, cpus: 1 })).toEqual([
      ...["gentle", "threads-mild", "threads-extreme", "threads-dirichlet"],
    ]);
    expect(names({ ...everything, volumes: false }).some((name) => name.startsWith("disk"))).toBe(false);
    expect(names({ ...everything, cpus: 1 })).not.toContain("network-one-cpu");
  });
});

/** A campaign in which `best` fails with one rate and everything else with another. */
function campaign(seed: string, rates: (name: string) => number, runs: number) {
  const choices = choicesFor(everything);
  const tuner = new Tuner(choices, searchRunsOf(runs, choices.length));
  const luck = new KeyedRandom(hashText(`${seed} luck`));
  const history: [string, "fail" | "pass"][] = [];
  for (let run = 0; run < runs; run++) {
    const { name } = tuner.next(new KeyedRandom(hashText(`${seed} ${run}`)));
    const outcome = luck.next() < rates(name) ? "fail" : "pass";
    history.push([name, outcome]);
    tuner.learn(name, outcome);
  }
  return { tuner, history };
}

const campaigns = Array.from({ length: 40 }, (_, index) => `campaign ${index}`);

describe("Tuner", () => {
  it("finds the one choice under which it fails, nearly always", { timeout: 60_000 }, () => {
    const rates = (name: string) => (name === "network-starve" ? 0.4 : 0.01);
    const found = campaigns.filter((seed) => campaign(seed, rates, 240).tuner.chosen === "network-starve");
    expect(found.length).toBeGreaterThanOrEqual(36);
  });

  it("gets more failures out of a campaign than trying all alike would", { timeout: 60_000 }, () => {
    const rates = (name: string) => (name === "one-cpu" ? 0.5 : 0.05);
    const share = (0.5 + 11 * 0.05) / 12;
    const failures = campaigns.map(
      (seed) => campaign(seed, rates, 200).history.filter(([, outcome]) => outcome === "fail").length,
    );
    const mean = failures.reduce((sum, count) => sum + count, 0) / failures.length;
    expect(mean).toBeGreaterThan(3 * 200 * share);
  });

  it("chooses nothing while nothing has failed, and says so", () => {
    const { tuner } = campaign("quiet", () => 0, 300);
    expect(tuner.chosen).toBeUndefined();
    expect(tuner.summary()[0]).toContain("tuning over 300 runs has not chosen yet");
  });

  it("tries everything twice before it chooses", () => {
    const { history } = campaign("eager", () => 1, 24);
    expect(new Set(history.map(([name]) => name)).size).toBe(12);
  });

  it("says what it chose and why, with the rate of the runs since alone", () => {
    const { tuner } = campaign("words", (name) => (name === "disk-pct" ? 0.9 : 0), 100);
    const [chosen] = tuner.summary();
    expect(chosen).toMatch(
      /^tuning over \d+ runs chose disk-pct \(a third of the files late by up to 100 ms\), which failed most often: disk-pct \d+ of \d+, /,
    );
    const { tried, since, ...rest } = tuner.result!;
    expect(rest).toEqual({ chosen: "disk-pct" });
    expect(tried[0]).toMatchObject({
      name: "disk-pct",
      meaning: "a third of the files late by up to 100 ms",
    });
    expect(tried.reduce((sum, { runs }) => sum + runs, 0) + since.runs).toBe(100);
    expect(since.runs).toBeGreaterThan(50);
    expect(since.failures / since.runs).toBeGreaterThan(0.75);
  });

  it("comes to the same choice when it learns the same again, as after a --resume", () => {
    const rates = (name: string) => (name === "threads-extreme" ? 0.3 : 0.05);
    const { tuner, history } = campaign("resumed", rates, 120);
    const choices = choicesFor(everything);
    const again = new Tuner(choices, searchRunsOf(120, choices.length));
    for (const [name, outcome] of history) again.learn(name, outcome);
    expect(again.summary()).toEqual(tuner.summary());
  });

  it("counts a timeout as a run that did not fail, and an error not at all", () => {
    const choices = choicesFor({ network: false, volumes: false, cpus: 1 });
    const tuner = new Tuner(choices, 8);
    for (const { name } of choices) {
      tuner.learn(name, "timeout");
      tuner.learn(name, "error");
      tuner.learn(name, name === "gentle" ? "fail" : "pass");
    }
    expect(tuner.summary()[0]).toContain("gentle 1 of 2");
    expect(tuner.summary()[0]).toContain("threads-mild 0 of 2");
  });
});
