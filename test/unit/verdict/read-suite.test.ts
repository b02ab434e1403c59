import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSuite } from "../../../src/verdict/index.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "verdict-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("readSuite", () => {
  it("reads JUnit XML, TAP and go test -json by their content", async () => {
    const files = [
      await fileOf("a", `<testsuite name="s"><testcase classname="A" name="one"/></testsuite>`),
      await fileOf("b", "TAP version 13\n1..1\nok 1 - two\n"),
      await fileOf(
        "c",
        `{"Action":"run","Package":"p","Test":"T"}\n{"Action":"pass","Package":"p","Test":"T","Elapsed":0.25}\n`,
      ),
    ];
    const suites = await readSuite(files, undefined);
    expect(
      suites.map(({ format, tests }) => [format, tests.map(({ name, outcome }) => `${name}: ${outcome}`)]),
    ).toEqual([
      ["junit", ["A > one: passed"]],
      ["tap", ["two: passed"]],
      ["go", ["p > T: passed"]],
    ]);
  });

  it("reads the output where the files hold no test", async () => {
    const output = await fileOf("output.log", "starting\n1..2\nok 1 - a\nnot ok 2 - b\n");
    const [suite] = await readSuite([], output);
    expect(suite).toMatchObject({
      format: "tap",
      sources: ["output"],
      tests: [{ outcome: "passed" }, { outcome: "failed" }],
    });
  });

  it("knows a failure of tape or tap 0.x by its two values, and not by the next test's name behind it", async () => {
    const tap = `TAP version 13
# contenders
not ok 1 one lock winner
  ---
    stack:  
      - ChildProcess.then (/lockfile/test/stale.js:71:7)
    found:  2
    wanted: 1
  ...
# remove stale file
not ok 2 takes one
  ---
    operator: equal
    expected: 1
    actual:   2
    at: Test.<anonymous> (/t.js:2:26)
    stack: |-
      Error: takes one
          at Test.assert [as _assert] (/tape/lib/test.js:314:54)
  ...
# next one
1..2
`;
    const [suite] = await readSuite([await fileOf("tap", tap)], undefined);
    expect(suite?.tests.map(({ failure }) => failure)).toEqual([
      {
        message: "found 2, wanted 1",
        details: "found 2, wanted 1\n    at ChildProcess.then (/lockfile/test/stale.js:71:7)",
      },
      {
        message: "actual 2, expected 1",
        details: expect.stringContaining("    at Test.assert [as _assert] (/tape/lib/test.js:314:54)\n"),
      },
    ]);
  });

  it("counts what stands before the place where a file was cut, and says so", async () => {
    const cut = await fileOf("cut.xml", `<testsuite>\n<testcase name="one"/>\n<testcase name="two"><fail`);
    const [suite] = await readSuite([cut], undefined);
    expect(suite?.tests.map(({ name }) => name)).toEqual(["one"]);
    expect(suite?.warnings).toEqual([
      expect.stringMatching(/cut\.xml end at line 3, column \d+, before their end: only the 1 test/),
    ]);
  });

  it("counts nothing of a malformed file, and says where it is malformed", async () => {
    const bad = await fileOf(
      "bad.xml",
      `<testsuite>\n<testcase name="one"/>\n<testcase name="&xxe;"/></testsuite>`,
    );
    const [suite] = await readSuite([bad], undefined);
    expect(suite?.tests).toEqual([]);
    expect(suite?.warnings).toEqual([
      expect.stringMatching(/bad\.xml are malformed at line 3, column \d+: .*entity/),
    ]);
  });
});
