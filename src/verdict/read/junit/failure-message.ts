import { endOfMessage } from "../../signature/normalise-message.js";
import { lastComplaint, lastLine } from "../../signature/output-failure.js";
import { silentFailure } from "../../silent-failure.js";
import { goMessage, isGoOutput } from "../go/go-message.js";

/** Messages that say no more than that there is a failure. */
const emptyWords = new Set(["", "Failed", "failed", "collection failure", "failure", "error", "Test failed"]);
const maximumLines = 10;

/**
 * The message of a failure element. Where `message` says nothing (gotestsum, a module that pytest cannot import, jest-junit, a suite that
 * ctest ran) the details, or what the test printed, do.
 */
export function failureMessage(type: string, message: string, details: string, output: string): string {
  if (!emptyWords.has(message)) return withType(type, message);
  if (isGoOutput(details)) return goMessage(details);
  if (details !== "" && message === "collection failure")
    return lastComplaint(details)?.message ?? firstLines(details);
  if (details !== "") return withType(type, firstLines(details));
  return lastComplaint(output)?.message ?? (lastLine(output) || type || message || silentFailure);
}

function firstLines(details: string): string {
  const lines = details.split("\n", maximumLines);
  const end = lines.findIndex((line) => endOfMessage.test(line));
  return (end < 0 ? lines : lines.slice(0, Math.max(1, end))).join("\n").trim();
}

/** "java.lang.AssertionError" belongs to the message; "Failed", "" and what the message says already do not. */
function withType(type: string, message: string): string {
  if (!/^(?:[\w$]+\.)*(?:[A-Z][\w$]*)?(?:Error|Exception|Failure|Warning|Fault)$/.test(type)) return message;
  const shortName = type.slice(type.lastIndexOf(".") + 1);
  const isSaid = [type, shortName].some(
    (name) => message === name || (/^[: [\n]/.test(message.slice(name.length)) && message.startsWith(name)),
  );
  if (isSaid) return message;
  return message === "" ? type : `${type}: ${message}`;
}
