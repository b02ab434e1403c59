import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Contexts, evaluate, expand, readAction } from "./action-file.js";
import { TemplateJob } from "./template-job.js";

const action = readAction();
const loop = action.runs.steps.find(({ id }) => id === "loop")!;

let job: TemplateJob;
beforeEach(() => {
  job = new TemplateJob();
});
afterEach(() => job.remove());

const main = { "github.ref_name": "main", "github.event.repository.default_branch": "main" };

function contextsOf(inputs: Readonly<Record<string, string>>, more: Contexts = main): Contexts {
  const contexts: Record<string, string | undefined> = { ...more };
  for (const [name, { default: value = "" }] of Object.entries(action.inputs)) {
    contexts[`inputs.${name}`] = inputs[name] ?? value;
  }
  return contexts;
}

/** The step that makes the campaign, as the runner starts it, and what it gives to the next ones. */
function runLoop(inputs: Readonly<Record<string, string>>, fakeExit = 0) {
  const contexts = contextsOf(inputs);
  const env = Object.entries(loop.env ?? {}).map(([name, value]) => [name, expand(value, contexts)]);
  const step = job.run(["sh", "-e", job.write("step.sh", loop.run!)], {
    ...Object.fromEntries(env),
    ...{ GITHUB_ACTIONS: "true", GITHUB_ACTION_PATH: resolve("."), GITHUB_RUN_ID: "5" },
    ...{ GITHUB_OUTPUT: job.path("output"), GITHUB_STEP_SUMMARY: job.path("summary") },
    FAKE_EXIT: String(fakeExit),
  });
  const given = job
    .read("output")
    .trimEnd()
    .split("\n")
    .map((line) => /^([A-Z_]+)=(.*)$/.exec(line)!);
  const outputs = Object.fromEntries(given.map(([, name, value]) => [`steps.loop.outputs.${name}`, value]));
  return { ...step, contexts: { ...contexts, ...outputs } };
}

describe("action.yml", () => {
  it("is composed of steps whose text no input gets into", () => {
    expect(action.runs.using).toBe("composite");
    expect(action.runs.steps.flatMap(({ run = "" }) => run)).not.toContainEqual(
      expect.stringContaining("${{"),
    );
  });

  it("uses every input", () => {
    const text = JSON.stringify(action.runs);
    expect(Object.keys(action.inputs).filter((name) => !text.includes(`inputs.${name}`))).toEqual([]);
    expect(Object.keys(action.inputs)).toEqual(
      expect.arrayContaining(["image", "command", "runs", "preset", "fail-on"]),
    );
  });

  it("passes inputs on as they are, and the result to its outputs", () => {
    const evil = "sh test.sh; $(touch pwned) \"' %";
    const { stdout, exitCode, contexts } = runLoop({ image: "img:1", command: evil, runs: "3" }, 1);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`[--] [img:1] [sh] [-c] [${evil}]`);
    expect(job.has("pwned")).toBe(false);
    const outputs = Object.entries(action.outputs).map(([name, { value }]) => [
      name,
      expand(value, contexts),
    ]);
    expect(Object.fromEntries(outputs)).toMatchObject({
      ...{ rate: "0.25", "exit-code": "1", reason: "as it is", folder: "nmz-loop/5-1" },
      ...{ report: "nmz-loop/5-1/report.html", junit: "nmz-loop/5-1/junit.xml" },
    });
  });

  it("shows the report on the job's page, and annotations that a workload cannot forge", () => {
    const { stdout } = runLoop({ image: "img" }, 1);
    expect(job.read("summary")).toBe("## told\n");
    const lines = stdout.trimEnd().split("\n");
    const token = /^::stop-commands::(nmz[\da-f]{32})$/.exec(lines[0]!)?.[1];
    const end = lines.indexOf(`::${token}::`);
    expect(lines.findIndex((line) => line.startsWith("words: [loop]"))).toBeLessThan(end);
    expect(lines.indexOf("::error title=a test::lost")).toBeGreaterThan(end);
  });

  it("is the process that a cancelled job signals", () => {
    expect(loop.run).toMatch(/^exec /);
  });

  it("names what is known so that each job and each cell of a matrix has its own, whatever they are called", () => {
    const name = action.runs.steps.find(({ id }) => id === "known")!;
    const keyOf = (more: Contexts, inputs: Record<string, string> = {}) => {
      const NAME = expand(name.env?.["NAME"] ?? "", contextsOf(inputs, more));
      const { exitCode } = job.run(["sh", "-e", job.write("step.sh", name.run!)], {
        ...{ NAME, GITHUB_OUTPUT: job.path("key") },
      });
      expect(exitCode).toBe(0);
      return job.read("key").trimEnd().split("\n").at(-1)!;
    };
    const at = (workflow: string, id: string, matrix = "") => ({
      ...{ "github.workflow": workflow, "github.job": id, matrix },
    });
    const keys = [
      keyOf(at("CI, nightly", "flaky")),
      keyOf(at("CI, nightly", "flaky-more")),
      keyOf(at("CI, nightly", "flaky", "java 17")),
      keyOf(at("CI, nightly", "flaky", "java 21")),
      keyOf(at("CI $(touch pwned)", "flaky")),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => !/^key=[\da-f]{32}$/.test(key))).toEqual([]);
    expect(job.has("pwned")).toBe(false);
    const shared = { "known-key": "all" };
    expect(keyOf(at("A", "a", "1"), shared)).toBe(keyOf(at("B", "b", "2"), shared));
  });

  it("says so where there is no result", () => {
    const { stdout, exitCode, contexts } = runLoop({ image: "img" }, 125);
    expect(exitCode).toBe(125);
    expect(stdout).toContain(
      "::error title=nmzc::the campaign has no result: nmzc ended with exit code 125\n",
    );
    expect(contexts["steps.loop.outputs.NMZ_EXIT_CODE"]).toBe("125");
    // Nor is there a path to one, where the step had not come as far as that.
    const { report, junit } = action.outputs;
    expect([report, junit].map((output) => expand(output!.value, contextsOf({})))).toEqual(["", ""]);
  });

  it("carries what is known from the default branch to all, with fail-on new", () => {
    const save = action.runs.steps.find(({ uses }) => uses?.startsWith("actions/cache/save"))!;
    const restore = action.runs.steps.find(({ uses }) => uses?.startsWith("actions/cache/restore"))!;
    const ended = { "steps.loop.outputs.NMZ_RATE": "0" };
    const isSaved = (inputs: Record<string, string>, where: Contexts) =>
      evaluate(save.if!, contextsOf(inputs, { ...ended, ...where }));
    const topic = { ...main, "github.ref_name": "topic" };
    expect(isSaved({ "fail-on": "new" }, main)).toBe(true);
    expect(isSaved({ "fail-on": "new" }, topic)).toBe(false);
    expect(isSaved({ "fail-on": "new", "save-known": "true" }, topic)).toBe(true);
    expect(isSaved({ "fail-on": "new", "save-known": "false" }, main)).toBe(false);
    expect(isSaved({ "fail-on": "any" }, main)).toBe(false);
    const told = (where: Contexts) => expand(loop.env?.["NMZ_SAVE_KNOWN"] ?? "", contextsOf({}, where));
    // A scheduled run tells no repository; one for a pull request's target tells the default branch, and tests another.
    const schedule = { "github.ref_name": "main", "github.event_name": "schedule" };
    const target = { ...main, "github.event_name": "pull_request_target" };
    expect([isSaved({ "fail-on": "new" }, schedule), told(schedule)]).toEqual([true, "true"]);
    expect([isSaved({ "fail-on": "new" }, target), told(target)]).toEqual([false, "false"]);
    expect([told(main), told(topic)]).toEqual(["true", "false"]);
    expect(isSaved({ "fail-on": "new" }, { ...main, "steps.loop.outputs.NMZ_RATE": "" })).toBe(false);
    const at = contextsOf({}, { "steps.known.outputs.key": "0a1b", "github.run_id": "5" });
    expect(expand(save.with?.["key"] ?? "", at)).toBe("nmz-known-0a1b-5-");
    expect(expand(restore.with?.["restore-keys"] ?? "", at)).toBe("nmz-known-0a1b-");
    const own = expand(restore.with?.["path"] ?? "", contextsOf({ "working-directory": "sub" }));
    const unset = contextsOf({ "working-directory": "" }, { "steps.loop.outputs.NMZ_FOLDER": "out" });
    for (const { with: given = {} } of action.runs.steps) {
      expect(expand(given["path"] ?? "", unset)).not.toMatch(/^\//m);
    }
    expect([own, expand(save.with?.["path"] ?? "", contextsOf({}))]).toEqual([
      ...["sub/.nmz/known.json", "./.nmz/known.json"],
    ]);
  });
});
