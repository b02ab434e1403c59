import { describe, expect, it } from "vitest";
import { CampaignTally, failOnText, parseFailOn } from "../../../../src/campaign/index.js";
import { decideExit } from "../../../../src/cli/campaign/exit-policy.js";
import { exactInterval } from "../../../../src/statistics/index.js";
import type { EarlierFailures, FailureSignature } from "../../../../src/verdict/index.js";
import { runLine } from "../../campaign/run-lines.js";

function signature(id: string): FailureSignature {
  return { id, message: `lost ${id}`, frames: [] };
}

/** `failed` runs of `runs` failed, in turn with these signatures. */
function tallied(failed: number, runs: number, ids = ["a"]): CampaignTally {
  const tally = new CampaignTally({ hasBaseline: false });
  for (let run = 0; run < runs; run++) {
    const id = ids[run % ids.length]!;
    const failures = run < failed ? [{ test: undefined, title: id, signature: signature(id) }] : [];
    tally.add(runLine(run, { outcome: run < failed ? "fail" : "pass", failures }));
  }
  return tally;
}

function seen(...ids: string[]): readonly EarlierFailures[] {
  return [{ campaign: "before", signatures: ids.map(signature) }];
}

function decide(failOn: string, tally: CampaignTally, earlier: readonly EarlierFailures[] = []) {
  const { exitCode, reason } = decideExit(parseFailOn(failOn), tally, earlier);
  return `${exitCode}: ${reason}`;
}

describe("--fail-on", () => {
  it.each([
    ["any", 0, "0: none of 50 runs failed"],
    ["any", 4, "1: 4 of 50 runs failed"],
    ["never", 4, "0: 4 of 50 runs failed, which is told and no more"],
    ["new", 0, "0: none of 50 runs failed"],
    ["new", 4, "1: 1 of 1 kind of failure is new: a"],
    ["rate>1%", 0, "0: the rate is not surely above 1%: 0 of 50 runs, 0% (95% interval 0% to 7.1%)"],
    ["rate>1%", 2, "0: the rate is not surely above 1%: 2 of 50 runs, 4.0% (95% interval 0.49% to 14%)"],
    ["rate>1%", 3, "1: the rate is surely above 1%: 3 of 50 runs, 6.0% (95% interval 1.3% to 17%)"],
    ["rate>50%", 3, "0: the rate is surely not above 50%: 3 of 50 runs, 6.0% (95% interval 1.3% to 17%)"],
    ["rate>0%", 1, "1: the rate is surely above 0%: 1 of 50 runs, 2.0% (95% interval 0.051% to 11%)"],
  ])("%s with %i failures of 50 exits with %s", (failOn, failed, said) => {
    expect(decide(failOn, tallied(failed, 50))).toBe(said);
  });

  it("a rate is that of the runs since --tune chose", () => {
    const tuned = { tried: [], chosen: "nasty", since: { failures: 0, runs: 30 } };
    const of = (tuning: typeof tuned) => decideExit(parseFailOn("rate>1%"), tallied(6, 50), [], tuning);
    expect(of(tuned)).toMatchObject({
      exitCode: 0,
      reason:
        "the rate is not surely above 1%: 0 of 30 runs since --tune chose nasty, 0% (95% interval 0% to 12%)",
    });
    expect(of({ ...tuned, since: { failures: 0, runs: 0 } }).exitCode).toBe(1);
  });

  it("new takes a failure for known by its signature alone", () => {
    const tally = tallied(6, 6, ["a", "b", "c"]);
    expect(decide("new", tally, seen("a", "b", "c"))).toBe("0: 3 kinds of failures, each seen before");
    expect(decide("new", tally, seen("a", "z"))).toBe("1: 2 of 3 kinds of failures are new: b, c");
    expect(decideExit(parseFailOn("any"), tally, seen("a")).newFailures).toEqual(["b", "c"]);
  });

  it("new names five failures and counts the others", () => {
    const ids = ["a", "b", "c", "d", "e", "f", "g"];
    expect(decide("new", tallied(7, 7, ids))).toMatch(
      /^1: 7 of 7 kinds of failures are new: a, b, c, d, e and 2 more$/,
    );
  });

  it("new fails where there are more kinds of failures than are told apart", () => {
    const ids = Array.from({ length: 1001 }, (_, index) => `f${index}`);
    expect(decide("new", tallied(1001, 1001, ids), seen(...ids))).toMatch(
      /^1: there are more than 1000 kinds/,
    );
  });

  it("fails for nothing where no run has a result", () => {
    expect(decide("any", tallied(0, 0))).toBe("0: no run passed or failed");
    expect(decide("rate>0%", tallied(0, 0))).toBe("0: no run passed or failed: there is no rate");
  });

  it("turns red in at most one of 40 jobs whose true rate is the limit, whatever the number of runs", () => {
    for (const limit of [0.01, 0.05, 0.3]) {
      for (const runs of [1, 5, 20, 50, 200, 777]) {
        // Sum of the binomial distribution over the counts at which it fails.
        let share = 0;
        let logOf = runs * Math.log1p(-limit);
        for (let failed = 0; failed <= runs; failed++) {
          if (exactInterval(failed, runs).low > limit) share += Math.exp(logOf);
          logOf += Math.log((runs - failed) / (failed + 1)) + Math.log(limit / (1 - limit));
        }
        expect(share).toBeLessThanOrEqual(0.025);
      }
    }
  });

  it.each([
    ["rate>1%", 0.01],
    ["rate>1", 0.01],
    ["rate > 0.5 %", 0.005],
    ["rate>7%", 0.07],
    ["rate>0%", 0],
  ])("reads %s", (text, above) => {
    const failOn = parseFailOn(text);
    expect(failOn).toEqual({ kind: "rate", above });
    expect(parseFailOn(failOnText(failOn))).toEqual(failOn);
  });

  it.each(["", "all", "rate>", "rate>100%", "rate>-1%", "rate<1%", "rate>1%x"])("refuses %j", (text) => {
    expect(() => parseFailOn(text)).toThrow("must be any, new, never, or a rate");
  });

  it("knows what a shell makes of a redirection", () => {
    expect(() => parseFailOn("rate")).toThrow("write it in quotes");
  });
});
