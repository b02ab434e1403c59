import { packetStream } from "../../policy/index.js";

/** A replay hint taken apart: what stays the same whatever chance does, and what chance may write. */
export interface EventName {
  /** The stream of events among which one that is unknown by name has a place: of a connection's direction and kind, of an operation. */
  readonly stream: string;
  /** Where a name means one thing: `temp-9.rdb` is the same file whatever is done to it. */
  readonly scope: string;
  /** The digest of a packet's payload, the path of a file. */
  readonly name: string;
}

const contentless: ReadonlySet<string> = new Set(["syn", "ack", "fin", "rst"]);
const content = /^(?:(syn|ack|fin|rst|data):)?([^:]+)$/;
const fileHint = /^([a-z-]+):(.*)$/s;
// Of a name, whatever holds a digit.
const numbered = /[0-9a-z#]*[0-9#][0-9a-z#]*/gi;

/**
 * Undefined for an event whose hint holds nothing of chance (bare acknowledgements, sweeps, functions), and for hints that
 * are somebody else's.
 */
export function eventName(eventClass: string, hint: string): EventName | undefined {
  if (eventClass === "PacketEvent") return packetName(hint);
  if (eventClass === "FilesystemEvent") return fileName(hint);
  return undefined;
}

function packetName(hint: string): EventName | undefined {
  const ends = packetStream(hint);
  const [, kind = "", name] = (ends === undefined ? null : content.exec(hint.slice(ends.length + 1))) ?? [];
  if (name === undefined || (kind === "" && contentless.has(name))) return undefined;
  const stream = `${ends}:${kind}`;
  return { stream, scope: stream, name };
}

/** A packet that opens a connection. */
export function opensConnection(hint: string): boolean {
  return hint.endsWith(":syn");
}

function fileName(hint: string): EventName | undefined {
  const [, op, path] = fileHint.exec(hint) ?? [];
  if (op === undefined || path === undefined) return undefined;
  const scope = path.replace(numbered, "#");
  return scope === path ? undefined : { stream: `${op}:${scope}`, scope, name: path };
}
