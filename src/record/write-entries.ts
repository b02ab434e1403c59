import { writeFileSync } from "node:fs";
import type { TraceEntry } from "./read-trace.js";
import type { RecordedDecision } from "./recorded-decision.js";
import { traceVersion } from "./trace-version.js";

/** A trace of just these, for a run that nobody ran: what is left of one after minimising. */
export function writeEntries(
  file: string,
  head: { readonly run: string; readonly seed: string },
  entries: Iterable<TraceEntry>,
): void {
  const startedAt = new Date().toISOString();
  let text = `${JSON.stringify({ nmzTrace: traceVersion, ...head, startedAt })}\n`;
  for (const entry of entries) for (const line of linesOf(entry)) text += `${JSON.stringify(line)}\n`;
  writeFileSync(file, text);
}

function linesOf(entry: TraceEntry): readonly object[] {
  if (entry.kind === "decision") return decisionLines(entry.decision);
  if (entry.kind === "crash") {
    const { atMs, ...crash } = entry.crash;
    return [{ t: atMs, action: "FilesystemCrashAction", ...crash }];
  }
  const { command, atMs } = entry.command;
  return [{ t: atMs, action: "ShellAction", command }];
}

/** A crash has a line of its own. */
function decisionLines({ fault, ...decision }: RecordedDecision): readonly object[] {
  if (fault?.kind !== "crash") return [decisionLine({ ...decision, ...(fault && { fault }) })];
  const { filesystem, isAnswer } = fault;
  const rest = decisionLine(decision);
  const delayMs = isAnswer === true ? decision.delayMs : 0;
  const crash = { ...rest, action: "FilesystemCrashAction", delayMs, ...(filesystem && { filesystem }) };
  return [crash, rest];
}

function decisionLine(decision: RecordedDecision): object {
  const { entity, hint, n, event, delayMs, fault, attributes, arrivedMs, atMs, about } = decision;
  return {
    t: atMs,
    action: actionOf(decision),
    event,
    entity,
    hint,
    n,
    arrived: arrivedMs,
    delayMs,
    ...(fault === undefined ? {} : { fault }),
    ...about,
    ...(attributes === undefined ? {} : byPlace(attributes)),
  };
}

const faultActions: Readonly<Record<string, string>> = {
  PacketEvent: "PacketFaultAction",
  FilesystemEvent: "FilesystemFaultAction",
  ProcSetEvent: "ProcFaultAction",
};

function actionOf({ event, fault, attributes }: RecordedDecision): string {
  if (fault !== undefined) return faultActions[event] ?? "EventAcceptanceAction";
  return attributes === undefined ? "EventAcceptanceAction" : "ProcSetSchedAction";
}

// No thread of ours: their places are their names.
function byPlace(attributes: NonNullable<RecordedDecision["attributes"]>): object {
  const given = attributes.flatMap((each, place) => (each === undefined ? [] : [[String(place), each]]));
  return { threads: attributes.map((_, place) => place), attrs: Object.fromEntries(given) };
}
