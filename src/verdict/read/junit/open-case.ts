import type { TestFailure, TestResult } from "../../verdict.js";
import { BoundedText, headAndTail, maximumDetailsLength, maximumMessageLength } from "../text-limits.js";
import { failureMessage } from "./failure-message.js";

type Attributes = Readonly<Record<string, string>>;

/** A failure that is being read. */
class OpenFailure {
  readonly text = new BoundedText(maximumDetailsLength);

  constructor(readonly attributes: Attributes) {}

  /** `output`: what the test printed. */
  close(output: string): TestFailure {
    const details = this.text.text().trim();
    const { type = "", message = "" } = this.attributes;
    const told = failureMessage(type.trim(), message.trim(), details, output);
    return { message: headAndTail(told, maximumMessageLength), details: details || output };
  }
}

/** A test case, or a suite that failed as a whole, while its element is open. */
export class OpenCase {
  readonly #failures: OpenFailure[] = [];
  readonly #output = new BoundedText(maximumDetailsLength);
  #isSkipped: boolean;
  #isTodo = false;

  constructor(
    readonly name: string,
    readonly attributes: Attributes,
  ) {
    this.#isSkipped = ["notrun", "disabled", "skipped", "ignored"].includes(
      attributes["status"]?.toLowerCase() ?? "",
    );
  }

  /** node --test: a test that is marked as to be done is skipped, and its failure is told all the same. */
  skip(type: string | undefined): void {
    this.#isSkipped = true;
    this.#isTodo = type === "todo";
  }

  startFailure(attributes: Attributes): BoundedText {
    const failure = new OpenFailure(attributes);
    this.#failures.push(failure);
    return failure.text;
  }

  /** What the test printed, for a failure that says nothing itself (ctest writes it behind the failure); undefined: not needed. */
  startOutput(): BoundedText | undefined {
    const [failure] = this.#failures;
    const isSilent = failure !== undefined && !failure.attributes["message"] && failure.text.isEmpty;
    return isSilent ? this.#output : undefined;
  }

  /** Its first failure is the one that counts: later ones are of other attempts, or of cleaning up. */
  close(): TestResult {
    const failure = this.#isTodo ? undefined : this.#failures[0]?.close(this.#output.text().trim());
    const unfailed = this.#isSkipped ? "skipped" : "passed";
    const durationMs = milliseconds(this.attributes["time"]);
    return { name: this.name, outcome: failure === undefined ? unfailed : "failed", durationMs, failure };
  }
}

/** Seconds with a fraction; surefire writes "1,234.5" for long ones. */
function milliseconds(seconds: string | undefined): number | undefined {
  if (seconds === undefined || seconds === "") return undefined;
  const value = Number(seconds.replaceAll(",", "")) * 1000;
  return Number.isFinite(value) && value >= 0 ? Math.round(value * 1000) / 1000 : undefined;
}
