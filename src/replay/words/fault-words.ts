import type { RecordedDecision } from "../../record/index.js";
import { formatDurationMs } from "../../util/index.js";

type RecordedFault = NonNullable<RecordedDecision["fault"]>;

/** What a fault did, as the end of a sentence about its event: "dropped", "failed with ENOSPC". */
export function faultWords(fault: RecordedFault): string {
  switch (fault.kind) {
    case "drop":
      return "dropped";
    case "duplicate":
      return `sent ${fault.copies + 1} times`;
    case "corrupt":
      return `corrupted in ${fault.bits} ${fault.bits === 1 ? "bit" : "bits"}, checksum ${fault.checksum}`;
    case "reorder":
      return `let ${fault.packets} later ${fault.packets === 1 ? "packet" : "packets"} pass`;
    case "reject":
      return "rejected";
    case "errno":
      return `failed with ${fault.errno}`;
    case "short":
      return `cut short to ${percent(fault.share)}, and the caller told so`;
    case "torn":
      return `torn after ${percent(fault.share)}, and the caller told all was well`;
    case "bit-flip":
      return `with one bit wrong at ${percent(fault.place)}`;
    case "listing":
      return fault.order === "stale" ? "listed as it was before" : `listed ${fault.order}`;
    case "pause":
      return `process ${fault.process} paused for ${formatDurationMs(fault.forMs)}`;
    case "kill":
      return `process ${fault.process} killed by ${fault.signal}`;
    case "restart":
      return `process ${fault.process} restarted after ${formatDurationMs(fault.downMs)}`;
    case "crash":
      return "the last before a crash that lost what was not synced";
    case "affinity":
      return `process ${fault.process} kept on ${fault.cpus} ${fault.cpus === 1 ? "CPU" : "CPUs"}`;
  }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
