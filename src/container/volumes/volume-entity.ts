import { realpathSync } from "node:fs";
import type { TraceEntry } from "../../record/index.js";
import type { VolumeRequest } from "../run-request.js";

const prefix = "_namazu_container_fs_inspector_";

/**
 * What a volume's events are called by. Namazu named the folder on the host, which is another one for everybody who checks a
 * project out; a seed or a record of one shall meet the files of the other.
 */
export function volumeEntity(target: string): string {
  return `${prefix}${target}`;
}

/** Entries of a record, also of one that was made when the host's folders were named. */
export function* withVolumesByTarget(
  entries: Iterable<TraceEntry>,
  volumes: readonly VolumeRequest[],
): Generator<TraceEntry> {
  const names = new Map<string, string>(
    volumes.flatMap(({ source, target }) =>
      source === undefined ? [] : [[`${prefix}${realPath(source)}`, volumeEntity(target)] as const],
    ),
  );
  const targets = new Set(volumes.map(({ target }) => volumeEntity(target)));
  for (const entry of entries) {
    const entity = entry.kind === "decision" ? entry.decision.entity : "";
    const name = targets.has(entity) ? undefined : names.get(entity);
    if (name === undefined || entry.kind !== "decision") yield entry;
    else yield { kind: "decision", decision: { ...entry.decision, entity: name } };
  }
}

function realPath(source: string): string {
  try {
    return realpathSync(source);
  } catch {
    return source; // the name of a volume, or of a folder that is gone
  }
}
