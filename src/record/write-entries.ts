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
  for (const entry of entries) text += `${JSON.stringify(lineOf(entry))}\n`;
  writeFileSync(file, text);
}

function lineOf(entry: TraceEntry): object {
  if (entry.kind === "decision") return decisionLine(entry.decision);
  const { command, atMs } = entry.command;
  return { t: atMs, action: "ShellAction", command };
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
