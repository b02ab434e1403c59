import { afterAll, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { runNmzc } from "../../helpers/run-nmzc.js";
import { Workplace } from "./inspector-command.js";

requires("root", "built");

const workplace = new Workplace();
afterAll(() => workplace.remove());

const runs = 12;
// Its first sweep comes before its first instruction, so what it reads is what that sweep has drawn: no time plays a part.
const failsWhenNiceIsAbove0 = 'read -r line < /proc/self/stat; set -- $line; shift 18; [ "$1" -le 0 ]';

it("nmz explain names what recorded runs of a real program fail with, and is surer of nothing else", async () => {
  const config = workplace.file(
    "mild.toml",
    '[explorePolicyParam]\nprocPolicy = "mild"\n[explorePolicyParam.procPolicyParam]\nuseBatch = false\n',
  );
  const out = `${workplace.path}/out`;
  const codes: (number | null)[] = [];
  for (let run = 1; run <= runs; run++) {
    const words = ["--autopilot", config, "--seed", `s${run}`, "--watch-interval", "10s", "--nmz-out", out];
    const command = ["--", "sh", "-c", failsWhenNiceIsAbove0];
    const { exitCode } = await runNmzc(["inspectors", "proc", ...words, ...command], { command: "nmz" });
    codes.push(exitCode);
  }
  // The seeds draw the same each time.
  const failed = codes.filter((code) => code === 1).length;
  expect([failed, codes.filter((code) => code === 0).length]).toEqual([7, 5]);
  const { exitCode, stdout, stderr } = await runNmzc(["explain", out], { command: "nmz" });
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toMatch(/^7 of 12 runs failed; /);
  expect(stdout).toMatch(
    /^7 of 7 +0 of 5 +\S+ +thread 1 of 1 scheduled SCHED_OTHER with nice above 0 at the first sweep$/m,
  );
  const [{ predictors }] = [
    JSON.parse((await runNmzc(["explain", "--json", out], { command: "nmz" })).stdout),
  ];
  expect(predictors).toHaveLength(1);
});
