import { packetStream } from "../../policy/index.js";
import type { RecordedDecision } from "../../record/index.js";

/** "data packet", "SYN", … by the replay hint; "packet" where it does not say. */
export function packetKind(hint: string): string {
  const stream = packetStream(hint);
  const rest = stream === undefined ? "" : hint.slice(stream.length + 1);
  const kind = /^(?:syn|ack|fin|rst|data)(?=:|$)/.exec(rest)?.[0];
  if (kind === undefined) return "packet";
  return kind === "data" ? "data packet" : kind.toUpperCase();
}

/** "10.0.0.2→10.0.0.3:2888": ports only where they are the same in every run. */
export function packetEnds({ hint, about }: RecordedDecision): string {
  const ends = /^\w+:(?:output|input):(.+?)>(.+)$/.exec(packetStream(hint) ?? "");
  const [source, destination] = [about["src"], about["dst"]].map((name) =>
    String(name ?? "?").replace(/^entity-/, ""),
  );
  if (ends === null) return `${source}→${destination}`;
  return `${endText(ends[1]!, source!)}→${endText(ends[2]!, destination!)}`;
}

// "local" is the hint's word for the workload's own address, which the engine gives out anew for each run.
function endText(end: string, recorded: string): string {
  if (!/^local(?=:|$)/.test(end)) return end;
  const address = recorded.replace(/:\d+$/, "");
  return address === "" || address === "?" ? end : `${address}${end.slice("local".length)}`;
}
