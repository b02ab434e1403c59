import type { UndoRecord } from "../util/index.js";

export const journalVersion = 1;

/** What stands on disk: who made the changes, and how each is undone. Newest change last. */
export interface JournalContent {
  readonly nmzJournal: typeof journalVersion;
  readonly runId: string;
  readonly seed: string;
  readonly pid: number;
  /** With the pid: names the supervisor even after its pid was given to another process. */
  readonly startTicks: number;
  /** Missing in journals of runs of containers. */
  readonly maker?: "standalone";
  /** Whose containers and volumes are on record; missing: the engine that is found. */
  readonly engine?: string;
  /** Missing in older journals. */
  readonly engineKind?: EngineKind;
  readonly records: readonly UndoRecord[];
}

type EngineKind = "docker" | "podman";

/** An engine as a journal names it. */
export interface JournalEngine {
  /** In the words of `--engine`, with the host's path: "unix:///run/podman/podman.sock", "embedded". */
  readonly address: string;
  readonly kind: EngineKind | undefined;
}

type Fields = Readonly<Record<string, "string" | "number" | "boolean">>;

const contentFields: Fields = { runId: "string", seed: "string", pid: "number", startTicks: "number" };

/** What each kind of record must hold, so that nothing is undone by half of one. */
const recordFields: Readonly<Record<UndoRecord["kind"], Fields>> = {
  mount: { path: "string" },
  folder: { path: "string" },
  container: { id: "string", remove: "boolean" },
  volume: { name: "string" },
  "packet-rules": { netnsPath: "string", queueNumber: "number" },
  "stopped-process": { pid: "number", startTicks: "number" },
  "started-process": { pid: "number", startTicks: "number" },
  "file-value": { path: "string", value: "string" },
};

/**
 * The journal that a text is; undefined when it is none of this version, or holds a record that this version does not
 * know: undoing the rest and forgetting that one would lose it. Never throws.
 */
export function parseJournal(text: string): JournalContent | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!holds(content, contentFields) || content["nmzJournal"] !== journalVersion) return undefined;
  const { records, engine, engineKind } = content;
  if (engine !== undefined && typeof engine !== "string") return undefined;
  if (engineKind !== undefined && engineKind !== "docker" && engineKind !== "podman") return undefined;
  return Array.isArray(records) && records.every(isRecord)
    ? (content as unknown as JournalContent)
    : undefined;
}

function isRecord(value: unknown): boolean {
  if (!holds(value, { kind: "string" })) return false;
  const kind = value["kind"] as string;
  return Object.hasOwn(recordFields, kind) && holds(value, recordFields[kind as UndoRecord["kind"]]);
}

function holds(value: unknown, fields: Fields): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const members = value as Readonly<Record<string, unknown>>;
  return Object.entries(fields).every(
    ([key, type]) => Object.hasOwn(members, key) && typeof members[key] === type,
  );
}
