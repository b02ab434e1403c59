import type { TestFailure, TestResult } from "../../verdict.js";
import { BoundedText, maximumDetailsLength, maximumMessageLength } from "../text-limits.js";

type Attributes = Readonly<Record<string, string>>;

/** A failure that is being read. */
class OpenFailure {
  readonly text = new BoundedText(maximumDetailsLength);

  constructor(readonly attributes: Attributes) {}

  close(): TestFailure {
    const details = this.text.text().trim();
    const told = this.attributes["message"]?.trim() || firstLines(details);
    return { message: withType(this.attributes["type"] ?? "", told).slice(0, maximumMessageLength), details };
  }
}

/** A test case, or a suite that failed as a whole, while its element is open. */
export class OpenCase {
  readonly #failures: OpenFailure[] = [];
  #isSkipped = false;

  constructor(
    readonly name: string,
    readonly attributes: Attributes,
  ) {
    this.#isSkipped = ["notrun", "disabled", "skipped", "ignored"].includes(
      attributes["status"]?.toLowerCase() ?? "",
    );
  }

  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  skip(): void {
    this.#isSkipped = true;
  }

  startFailure(attributes: Attributes): BoundedText {
    const failure = new OpenFailure(attributes);
    this.#failures.push(failure);
    return failure.text;
  }

  /** Its first failure is the one that counts: later ones are of other attempts, or of cleaning up. */
  close(): TestResult {
    const failure = this.#failures[0]?.close();
    const passed = this.#isSkipped ? "skipped" : "passed";
    return {
      name: this.name,
      outcome: failure ? "failed" : passed,
      durationMs: milliseconds(this.attributes["time"]),
      failure,
    };
  }
}

/** Seconds with a fraction; surefire writes "1,234.5" for long ones. */
function milliseconds(seconds: string | undefined): number | undefined {
  if (seconds === undefined || seconds === "") return undefined;
  const value = Number(seconds.replaceAll(",", "")) * 1000;
  return Number.isFinite(value) && value >= 0 ? Math.round(value * 1000) / 1000 : undefined;
}

/** Runners that give no message (mocha, gradle at times, go-junit-report) have it at the details' start. */
function firstLines(details: string): string {
  return details.split("\n", 5).join("\n");
}

/** "java.lang.AssertionError" belongs to the message; "Failed", "" and what the message says already do not. */
function withType(type: string, message: string): string {
  const isTelling = /(?:Error|Exception|Failure|Warning|Fault)$/.test(type) && !message.startsWith(type);
  if (!isTelling) return message;
  // Where the details begin with the short name of the same class, firstLines has it.
  const shortName = type.slice(type.lastIndexOf(".") + 1);
  return message.startsWith(`${shortName}:`) || message === shortName
    ? message
    : message === ""
      ? type
      : `${type}: ${message}`;
}
