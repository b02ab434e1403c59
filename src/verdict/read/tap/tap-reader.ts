import { withoutColour } from "../../plain-text.js";
import { linesOf } from "../lines.js";
import { cutShort } from "../read-problem.js";
import type { ReadRequest } from "../test-reader.js";
import { DocumentEnds } from "./document-ends.js";
import { TapDocument } from "./tap-document.js";

/** A longer line is no test point and no diagnostic that a person reads. */
const maximumLineLength = 16 * 1024;

/**
 * TAP 12 to 14 (https://testanything.org), subtests among it, as node --test, vitest, mocha, prove and bats print it; other lines may
 * stand between, and documents may follow each other. A test point that stands for its subtests is no test of its own, unless it
 * failed although none of them did. A test that is marked TODO is skipped, whatever its outcome.
 */
export async function readTap(request: ReadRequest): Promise<void> {
  const ends = new DocumentEnds();
  let tests = 0;
  const onTest: typeof request.onTest = (test) => {
    tests++;
    request.onTest(test);
  };
  let document = new TapDocument([], onTest);
  let number = 0;
  const close = () => {
    if (document.close() === "cut") request.onWarning(cutShort(request.source, `line ${number}`, tests));
  };
  for await (const line of linesOf(request.chunks)) {
    number = line.number;
    const text = withoutColour(line.text);
    if (text.length > maximumLineLength) continue;
    const next = ends.nextDocument(text);
    if (next !== undefined) {
      close();
      document = new TapDocument(next.names, onTest);
    }
    document.write(text);
  }
  close();
}
