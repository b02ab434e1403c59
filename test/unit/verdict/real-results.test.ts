import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { failuresOf, type RunFailure, readSuite, type SuiteResult } from "../../../src/verdict/index.js";

const folder = join(import.meta.dirname, "../../fixtures/verdict");
const read = (name: string) => readSuite([join(folder, name)], undefined);

function counts(suites: readonly SuiteResult[]): string {
  const outcomes = suites.flatMap(({ tests }) => tests).map(({ outcome }) => outcome);
  return (["passed", "failed", "skipped"] as const)
    .map((wanted) => outcomes.filter((outcome) => outcome === wanted).length)
    .join("/");
}

async function failuresIn(name: string): Promise<RunFailure[]> {
  return failuresOf(await read(name), { exitCode: 1, outputTail: "" });
}

const signatureIn = async (file: string, test: string) =>
  (await failuresIn(file)).find((failure) => failure.test === test)?.signature;

/** file, reader, passed/failed/skipped; the README tells what the suites hold. */
const files: readonly (readonly [string, string, string])[] = [
  ["surefire-QueueTest.xml", "junit", "4/6/1"],
  ["surefire-QueueTest-Inner.xml", "junit", "0/1/0"],
  ["surefire-BrokenTest.xml", "junit", "0/1/0"],
  ["pytest.xml", "junit", "3/6/2"],
  ["pytest-native.xml", "junit", "3/5/2"],
  // jest-junit tells of a test that is to be written as of one that passed.
  ["jest-junit.xml", "junit", "3/4/1"],
  ["vitest.xml", "junit", "3/6/2"],
  ["vitest.tap", "tap", "3/6/2"],
  // mocha-junit-reporter leaves pending tests out.
  ["mocha-junit-reporter.xml", "junit", "1/3/0"],
  ["mocha.tap", "tap", "1/3/1"],
  ["node-test.xml", "junit", "3/5/2"],
  ["node-test.tap", "tap", "3/6/2"],
  ["go-test.jsonl", "go", "7/4/1"],
  ["go-race.jsonl", "go", "0/1/0"],
  ["gotestsum.xml", "junit", "7/4/1"],
  ["ctest.xml", "junit", "1/6/3"],
];

describe("results that real tools wrote", () => {
  it.each(files)("%s is read as %s: %s passed/failed/skipped", async (name, format, expected) => {
    const suites = await read(name);
    expect(suites.map((suite) => suite.format)).toEqual([format]);
    expect(suites.flatMap(({ warnings }) => warnings)).toEqual([]);
    expect(counts(suites)).toBe(expected);
  });

  it("reads prove's verbose output, each test below its file's name", async () => {
    const suites = await readSuite([], join(folder, "prove.txt"));
    expect(counts(suites)).toBe("2/2/2");
    expect(suites[0]?.tests.map(({ name }) => name)).toContain("t/queue.t > inner > lost");
  });

  it.each(files)("%s: failures that differ have signatures that differ", async (name) => {
    const failures = await failuresIn(name);
    expect(new Set(failures.map(({ signature }) => signature.id)).size).toBe(failures.length);
  });

  it("counts a test that surefire tried again until it passed as failed", async () => {
    const [suite] = await read("surefire-QueueTest.xml");
    const flaky = suite?.tests.find(({ name }) => name === "org.example.QueueTest > flaky");
    expect(flaky).toMatchObject({
      outcome: "failed",
      failure: { message: /^java.lang.IllegalStateException: seen once at \d+$/ },
    });
  });

  it("takes the frames of the root cause, without the JDK's and JUnit's", async () => {
    const wrapped = await signatureIn("surefire-QueueTest.xml", "org.example.QueueTest > wrapped");
    expect(wrapped?.frames).toEqual(["org.example.QueueTest.take", "org.example.QueueTest.lambda$wrapped"]);
  });

  it("knows a failure again in go test -json and in gotestsum's JUnit XML", async () => {
    const test = "example.com/queue/boom > TestPanics/sub";
    const told = await signatureIn("go-test.jsonl", test);
    expect(told?.message).toBe("panic: runtime error: index out of range [<n>] with length <n>");
    expect(told?.frames).toEqual(["boom.(*Queue).Take", "boom.TestPanics.func1"]);
    expect(await signatureIn("gotestsum.xml", test)).toEqual(told);
  });

  it("knows a failure again in vitest's XML and TAP", async () => {
    const test = "queue.test.ts > Queue > takes";
    const told = await signatureIn("vitest.xml", test);
    expect(told?.message).toBe("AssertionError: expected [ <n>… ] to deeply equal [ <n>… ]");
    expect(await signatureIn("vitest.tap", test)).toEqual(told);
  });

  it("finds the message of a test below ctest in what it printed", async () => {
    const messages = new Map((await failuresIn("ctest.xml")).map(({ test, signature }) => [test, signature]));
    expect(messages.get("asserts")?.message).toBe('Assertion `n == <n> && "lost update"\' failed.');
    expect(messages.get("frees")?.frames).toEqual(["q::Queue::take", "main"]);
    expect(messages.get("exits")?.message).toBe("expected <n>, got <n>");
  });
});

describe("a run without test results", () => {
  it.each([
    [
      "asan.txt",
      1,
      /^exit code 1: ERROR: AddressSanitizer: heap-use-after-free on address/,
      ["q::Queue::take", "main"],
    ],
    ["rust-panic.txt", 101, /^exit code 101: panicked: index out of bounds/, ["p::Queue::take", "p::main"]],
    ["gdb.txt", 134, /^exit code 134 \(SIGABRT\): Assertion `n == 4/, ["check", "main"]],
  ])("%s: is known by the last complaint in its output", (name, exitCode, title, frames) => {
    const outputTail = readFileSync(join(folder, name), "utf8");
    const [failure] = failuresOf([], { exitCode, outputTail });
    expect(failure?.test).toBeUndefined();
    expect(failure?.title).toMatch(title);
    expect(failure?.signature.frames).toEqual(frames);
  });

  it.each([
    [
      "ok 1 - starts\nnot ok 2 - keeps its order\n  ---\n  at: x\n  ...\nok 3 - ends\nnot ok\n",
      "not ok 2 - keeps its order",
    ],
    ["not ok keeps its order\n# failed 1 of 3\n", "not ok keeps its order"],
    ["not ok 7\n# failed\n", "# failed"],
  ])("has the name of the test point where its output is TAP with other things: %j", (outputTail, words) => {
    const [failure] = failuresOf([], { exitCode: 2, outputTail });
    expect(failure?.title).toBe(`exit code 2: ${words}`);
  });

  it("is known by its last line where nothing complains", () => {
    const [failure] = failuresOf([], { exitCode: 3, outputTail: "starting\nreplica 7 lags\n\n" });
    expect(failure?.title).toBe("exit code 3: replica 7 lags");
    expect(failure?.signature.message).toBe("exit code 3: replica <n> lags");
  });

  it("has no failure after a timeout, or with exit code 0", () => {
    const outputTail = "panic: at the disco";
    expect(failuresOf([], { exitCode: undefined, outputTail })).toEqual([]);
    expect(failuresOf([], { exitCode: 0, outputTail })).toEqual([]);
  });
});
