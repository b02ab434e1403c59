import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failuresOf, readSuite, type SuiteResult } from "../../../src/verdict/index.js";
import { readGo } from "../../../src/verdict/read/go/go-reader.js";
import { readJunit } from "../../../src/verdict/read/junit/junit-reader.js";
import { readTap } from "../../../src/verdict/read/tap/tap-reader.js";
import type { TestReader } from "../../../src/verdict/read/test-reader.js";

const fixtures = join(import.meta.dirname, "../../fixtures/verdict");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verdict-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function suitesOf(content: string | Uint8Array): Promise<SuiteResult[]> {
  const path = join(folder, "results");
  await writeFile(path, content);
  return readSuite([path], undefined);
}

const warningsOf = async (content: string) => (await suitesOf(content)).flatMap(({ warnings }) => warnings);

const readers: readonly (readonly [string, TestReader])[] = [
  ["surefire-QueueTest.xml", readJunit],
  ["ctest.xml", readJunit],
  ["node-test.tap", readTap],
  ["vitest.tap", readTap],
  ["go-test.jsonl", readGo],
];

/** name: outcome of each test that a reader tells, with the text in chunks of any size. */
async function told(read: TestReader, chunks: readonly string[]) {
  const tests: string[] = [];
  const warnings: string[] = [];
  async function* source() {
    yield* chunks;
  }
  await read({
    source: "x",
    chunks: source(),
    onTest: ({ name, outcome, failure }) =>
      void tests.push(`${name}: ${outcome}: ${failure?.message}: ${failure?.details}`),
    onWarning: (text) => void warnings.push(text),
  });
  return { tests, warnings };
}

const cutInto = (text: string, sizes: readonly number[]): string[] => {
  const chunks: string[] = [];
  for (let at = 0, i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(text.slice(at, at + size));
    at += size;
  }
  return chunks;
};

describe("readers", () => {
  it.each(readers)("tell the same however the file comes in pieces: %s", async (name, read) => {
    const text = await readFile(join(fixtures, name), "utf8");
    const whole = await told(read, [text]);
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, async (pieces) => {
        expect(await told(read, cutInto(text, pieces))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it.each(readers)(
    "count of a file that was cut only what the whole file says, and warn: %s",
    async (name, read) => {
      const text = (await readFile(join(fixtures, name), "utf8")).trimEnd();
      const namesOf = (tests: readonly string[]) => tests.map((test) => test.split(": ", 2).join(": "));
      const whole = new Set(namesOf((await told(read, [text])).tests));
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: text.length - 1 }), async (length) => {
          const { tests } = await told(read, [text.slice(0, length)]);
          // The line that was cut may be the name itself, in the formats that are made of lines.
          const foreign = namesOf(tests).filter((test) => !whole.has(test));
          expect(foreign.length).toBeLessThanOrEqual(read === readTap ? 1 : 0);
        }),
        { numRuns: 60 },
      );
      expect((await told(read, [text.slice(0, text.length / 2)])).warnings).toHaveLength(1);
    },
  );
});

describe("readSuite", () => {
  it("never throws, whatever a file holds", async () => {
    const names = ["surefire-QueueTest.xml", "vitest.tap", "go-test.jsonl"] as const;
    const texts = await Promise.all(names.map((name) => readFile(join(fixtures, name))));
    const changes = fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...texts), changes, async (text, bytes) => {
        const changed = Uint8Array.from(text);
        for (const [at, byte] of bytes) changed[at % changed.length] = byte;
        const suites = await suitesOf(changed);
        expect(failuresOf(suites, { exitCode: 1, outputTail: "" }).length).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it("expands no entity that the document defines", async () => {
    const laughs = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n<testsuite><testcase name="&b;"/></testsuite>`;
    expect(await warningsOf(laughs)).toEqual([
      expect.stringMatching(/malformed at line 2, .*undefined entity/),
    ]);
    const external = `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<testsuite><testcase name="&a;"/></testsuite>`;
    expect(await warningsOf(external)).toEqual([
      expect.stringMatching(/malformed at line 2, .*undefined entity/),
    ]);
  });

  it("refuses elements that are nested without an end", async () => {
    expect(await warningsOf("<testsuite>".repeat(1000))).toEqual([
      expect.stringMatching(/nested deeper than 100/),
    ]);
  });

  it("keeps the start and the end of a failure's text, and nothing of what was printed", async () => {
    const text = `first ${"x".repeat(3_000_000)} last`;
    const failure = `<failure message="m"><![CDATA[${"y".repeat(50_000)}]]></failure><system-out><![CDATA[${text}]]></system-out>`;
    const [suite] = await suitesOf(
      `<testsuite><testcase name="a">${failure}</testcase><testcase name="b"/></testsuite>`,
    );
    expect(suite?.tests.map(({ name }) => name)).toEqual(["a", "b"]);
    const details = suite?.tests[0]?.failure?.details ?? "";
    expect(details.length).toBeLessThan(20_000);
    expect(details).not.toContain("x");
  });

  it("refuses Go tests that begin without an end", async () => {
    function* lines() {
      for (let n = 0; ; n++) yield `{"Action":"run","Package":"p${n % 7}","Test":"T${n}"}\n`;
    }
    const read = readGo({
      source: "x",
      chunks: (async function* () {
        yield* lines();
      })(),
      onTest: () => {},
      onWarning: () => {},
    });
    await expect(read).rejects.toMatchObject({ code: "NMZ_VERDICT_TOO_MANY_TESTS" });
  });

  it("refuses one attribute without an end", async () => {
    const [warning] = await warningsOf(`<testsuite><testcase><failure message="${"x".repeat(20_000_000)}`);
    expect(warning).toMatch(/end at line 1, column|longer than 8 MiB/);
  });

  it("follows no link and waits for no pipe", async () => {
    const link = join(folder, "link.xml");
    await symlink(join(fixtures, "ctest.xml"), link);
    const [suite] = await readSuite([link], undefined);
    expect(suite).toMatchObject({
      tests: [],
      warnings: [expect.stringMatching(/link\.xml cannot be read: ELOOP/)],
    });
  });

  it("names a file that is no result file, or empty", async () => {
    expect(await warningsOf("<html><body/></html>")).toEqual([
      expect.stringMatching(/holds neither JUnit XML/),
    ]);
    expect(await warningsOf("")).toEqual([expect.stringMatching(/results is empty/)]);
  });

  it("takes each name once: a test that was tried again failed if it ever failed", async () => {
    const cases = `<testcase name="a"><failure message="m"/></testcase><testcase name="a"/><testcase name="a"/>`;
    const [suite] = await suitesOf(`<testsuite>${cases}</testsuite>`);
    expect(suite?.tests).toMatchObject([{ name: "a", outcome: "failed" }]);
  });

  it("gives a test one name, whatever its parameter prints", async () => {
    const names = [
      "adds [1] Row@1b2c3d",
      "adds [2] Row@ffee01",
      "at 0x7f00aa11",
      "of 1f0c6f0e-8a4b-4f0e-9d3e-2b1c7a9d5e10",
    ];
    const [suite] = await suitesOf(
      `<testsuite>${names.map((name) => `<testcase name="${name}"/>`).join("")}</testsuite>`,
    );
    expect(suite?.tests.map(({ name }) => name)).toEqual([
      "adds [1] Row@…",
      "adds [2] Row@…",
      "at 0x…",
      "of …",
    ]);
  });
});
