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
