import { messageOf } from "../../util/index.js";
import type { SuiteResult, TestResult } from "../verdict.js";
import { withGoParents } from "./go/go-parents.js";
import { readGo } from "./go/go-reader.js";
import { readChunks } from "./read-chunks.js";
import { type ResultFormat, sniffedLength, sniffFile, sniffOutput } from "./sniff-format.js";
import type { TestReader } from "./test-reader.js";
import { TestTable } from "./test-table.js";

/** What is kept of one run's warnings. */
const maximumWarnings = 20;

/** Parsers are loaded when a run has something for them: most runs of `nmzc` have no test results. */
const readers: Readonly<Record<ResultFormat, () => Promise<TestReader>>> = {
  junit: async () => (await import("./junit/junit-reader.js")).readJunit,
  tap: async () => (await import("./tap/tap-reader.js")).readTap,
  go: async () => readGo,
};

class FormatResult {
  readonly sources: string[] = [];
  readonly warnings: string[] = [];
  readonly names: string[] = [];
}

/**
 * What one run's result files say; where they hold no test, what its output says (TAP, `go test -json`). One entry for each
 * format; each test is in one of them only, and failed if any source says so. Never throws for what the files hold: a file that is
 * malformed counts for nothing, and one that was cut counts up to there; both are warnings, which name file and place.
 */
export async function readSuite(
  files: readonly string[],
  outputFile: string | undefined,
): Promise<SuiteResult[]> {
  const suite = new Suite();
  for (const file of files) await suite.read(file, file, sniffFile);
  if (suite.isEmpty && outputFile !== undefined) await suite.read(outputFile, "output", sniffOutput);
  return suite.results();
}

class Suite {
  readonly #table = new TestTable();
  readonly #formats = new Map<string, FormatResult>();

  get isEmpty(): boolean {
    return this.#table.size === 0;
  }

  async read(
    path: string,
    source: string,
    sniff: (start: string) => ResultFormat | undefined,
  ): Promise<void> {
    // A table of its own: of a file that turns out to be malformed nothing counts.
    const table = new TestTable();
    const onTest = (test: TestResult) => void table.add(test);
    let format: ResultFormat | undefined;
    try {
      const chunks = readChunks(path);
      const start = await startOf(chunks);
      format = sniff(start);
      if (format === undefined) {
        await chunks.return(undefined);
        if (source !== "output") this.#warn("unknown", source, unknownFormat(source, start));
        return;
      }
      const read = await readers[format]();
      const result = this.#formatOf(format);
      result.sources.push(source);
      const onWarning = (text: string) => this.#warn(format ?? "unknown", undefined, text);
      await read({ source, chunks: continued(start, chunks), onTest, onWarning });
      const tests = format === "junit" ? withGoParents(table.tests()) : table.tests();
      for (const test of tests) this.#add(result, test);
    } catch (error) {
      this.#warn(format ?? "unknown", format === undefined ? source : undefined, messageOf(error));
    }
  }

  results(): SuiteResult[] {
    const byName = new Map(this.#table.tests().map((test) => [test.name, test]));
    return [...this.#formats].map(([format, { sources, warnings, names }]) => ({
      format,
      sources,
      warnings,
      tests: names.flatMap((name) => byName.get(name) ?? []),
    }));
  }

  #add(result: FormatResult, test: TestResult): void {
    const isKnown = this.#table.has(test.name);
    const name = this.#table.add(test);
    if (!isKnown) result.names.push(name);
  }

  #formatOf(format: string): FormatResult {
    const known = this.#formats.get(format);
    if (known !== undefined) return known;
    const result = new FormatResult();
    this.#formats.set(format, result);
    return result;
  }

  #warn(format: string, source: string | undefined, text: string): void {
    const result = this.#formatOf(format);
    if (source !== undefined) result.sources.push(source);
    if (result.warnings.length < maximumWarnings) result.warnings.push(text);
  }
}

function unknownFormat(source: string, start: string): string {
  const what = start.trim() === "" ? "is empty" : "holds neither JUnit XML, TAP nor go test -json";
  return `the result file ${source} ${what}`;
}

async function startOf(chunks: AsyncGenerator<string>): Promise<string> {
  let start = "";
  while (start.length < sniffedLength) {
    const next = await chunks.next();
    if (next.done) break;
    start += next.value;
  }
  return start;
}

async function* continued(start: string, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* chunks;
}
