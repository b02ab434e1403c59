import { packetStream } from "../policy/index.js";
import type { RecordedDecision } from "../record/index.js";

/** The stream of a recorded event, as src/policy's streamOf names that of a live one. */
export function streamOfDecision(decision: RecordedDecision): string {
  return `${decision.entity}|${decision.event}|${withinEntity(decision)}`;
}

function withinEntity({ event, hint, about }: RecordedDecision): string {
  if (event === "PacketEvent") return packetStream(hint) ?? `${about["src"]}>${about["dst"]}`;
  if (event === "FilesystemEvent") return String(about["path"] ?? hint);
  if (event === "JavaFunctionEvent") return String(about["function"] ?? hint);
  return "";
}
