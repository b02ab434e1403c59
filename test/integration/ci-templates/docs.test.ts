import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readAction } from "./action-file.js";

const page = readFileSync("docs/ci.md", "utf8");
const script = readFileSync("ci/nmzc-ci", "utf8");
const [github, gitlab] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => parse(match[1]!));

describe("docs/ci.md", () => {
  it("gives the action inputs that it has, and reads outputs that it has", () => {
    const { inputs, outputs } = readAction();
    const step = github.jobs.flaky.steps.find(({ id }: { id?: string }) => id === "nmzc");
    expect(Object.keys(step.with).filter((name) => inputs[name] === undefined)).toEqual([]);
    const read = [...page.matchAll(/steps\.nmzc\.outputs\.([\w-]+)/g)].map((match) => match[1]!);
    expect(read.filter((name) => outputs[name] === undefined)).toEqual([]);
    const told = /^Outputs: (.*)$/m.exec(page)![1]!;
    expect([...told.matchAll(/`([\w-]+)`/g)].map((match) => match[1])).toEqual(Object.keys(outputs));
  });

  it("tells of every input", () => {
    expect(Object.keys(readAction().inputs).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it("sets variables that nmzc-ci reads, and so do the templates", () => {
    const templates = ["ci/gitlab/nmzc.gitlab-ci.yml", "ci/Jenkinsfile", "ci/docker/nmzc-loop", "action.yml"];
    const named = [
      ...Object.keys(gitlab.nmzc.variables),
      ...templates.flatMap((path) => readFileSync(path, "utf8").match(/\bNMZ_[A-Z_]+\b/g) ?? []),
    ];
    const results =
      /^NMZ_(RATE|RUNS_COUNTED|FAILURES|NEW_FAILURES|EXIT_CODE|EXIT_REASON|FOLDER|CACHE_POLICY)/;
    const unknown = named.filter((name) => !script.includes(`#   ${name} `) && !results.test(name));
    expect([...new Set(unknown)]).toEqual([]);
  });
});
