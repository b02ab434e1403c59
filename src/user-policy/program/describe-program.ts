import { createInterface } from "node:readline";
import type { KeyTable } from "../../config/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import { describedParams } from "./described-params.js";
import { describeEnd, killProgram, type ProgramCommand, startProgram } from "./program-command.js";

/** The version of the protocol that is spoken here: docs/policy-protocol.md. */
export const protocolVersion = 1;

const answerWithinMs = 10_000;
// The whole of a short stack trace, in which Python says the cause last and Node first.
const shownLines = 15;
const maxComplaintCharacters = 16_384;

/** What a program says of itself. */
export interface ProgramDescription {
  readonly name: string;
  readonly summary: string;
  readonly params: KeyTable;
  /** Classes of the events that it is asked about; undefined: all. */
  readonly events: ReadonlySet<string> | undefined;
  /** It wants to be told of earlier runs. */
  readonly wantsHistory: boolean;
}

/**
 * Starts the program, asks what it is, and ends it. Throws NMZ_POLICY_PROGRAM: it cannot be started, ends, says nothing,
 * or something else than a description.
 */
export async function describeProgram(command: ProgramCommand): Promise<ProgramDescription> {
  const child = startProgram(command);
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-maxComplaintCharacters);
  });
  child.stdin.on("error", () => {}); // that it ended says more
  let timer: NodeJS.Timeout | undefined;
  try {
    const line = await new Promise<string>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`it said nothing within ${answerWithinMs / 1000} s`)),
        answerWithinMs,
      );
      child.on("error", reject);
      createInterface({ input: child.stdout }).once("line", resolve);
      child.on("close", (code, signal) =>
        reject(new Error(`it ended with ${describeEnd(code, signal)} before it said what it is`)),
      );
      child.stdin.write(`${JSON.stringify({ nmzPolicy: protocolVersion, type: "describe" })}\n`);
    });
    return readDescription(line);
  } catch (error) {
    const said = complaints.trim().split("\n").slice(-shownLines).join("\n");
    throw new NmzError(
      "NMZ_POLICY_PROGRAM",
      `the policy "${command.program}" cannot be used: ${messageOf(error)}${said === "" ? "" : `\n${said}`}`,
      { hint: "docs/policy-protocol.md says what such a program reads and writes", cause: error },
    );
  } finally {
    clearTimeout(timer);
    killProgram(child);
  }
}

/** Throws what is wrong with the line, in words. */
export function readDescription(line: string): ProgramDescription {
  const said = parseObject(line);
  if (said["nmzPolicy"] !== protocolVersion) {
    throw new Error(
      `it speaks version ${JSON.stringify(said["nmzPolicy"])} of the protocol, not ${protocolVersion}`,
    );
  }
  const { name, summary = "", params, events, history = false } = said;
  if (typeof name !== "string" || !/^[\w.-]+$/.test(name)) {
    throw new Error(
      `name: expected a word of letters, digits, '.', '_' and '-', got ${JSON.stringify(name)}`,
    );
  }
  if (events !== undefined && !Array.isArray(events))
    throw new Error("events: expected a list of event classes");
  if (typeof history !== "boolean") throw new Error("history: expected true or false");
  return {
    name,
    summary: String(summary),
    params: describedParams(params),
    events: events === undefined ? undefined : new Set(events.map(String)),
    wantsHistory: history,
  };
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // Told below, with the line.
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Error(`expected a JSON object in one line, got ${JSON.stringify(line.slice(0, 80))}`);
}
