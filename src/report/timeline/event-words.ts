import type { RecordedDecision } from "../../record/index.js";
import { faultWords, packetEnds, packetKind, threadWords } from "../../replay/index.js";

/** What happened, without its number: "data packet 10.0.0.2→10.0.0.3:2888", "fsync of log.1". */
export function whatWords(decision: RecordedDecision): string {
  const { event, about, hint } = decision;
  switch (event) {
    case "PacketEvent":
      return `${packetKind(hint)} ${packetEnds(decision)}`;
    case "FilesystemEvent": {
      const [, moment, op] = /^(?:(pre|post)-)?(.*)$/s.exec(String(about["op"] ?? hint))!;
      return `${moment === "post" ? "result of " : ""}${op} of ${about["path"] ?? hint}`;
    }
    case "JavaFunctionEvent":
      return `${about["op"] === "return" ? "return from" : "call of"} ${about["function"] ?? hint}`;
    case "ProcSetEvent":
      return "sweep over the threads";
    case "LogEvent":
      return `logged: ${String(about["message"] ?? hint).slice(0, 200)}`;
    default:
      return `${event} ${hint}`;
  }
}

/** What was done about it beside holding it; "" for nothing. */
export function doneWords({ fault, attributes }: RecordedDecision): string {
  const done = [...(fault === undefined ? [] : [faultWords(fault)]), ...threadWords(attributes ?? [])];
  return done.join(", ");
}
