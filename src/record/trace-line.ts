import {
  type Action,
  type Event,
  EventAcceptanceAction,
  FilesystemCrashAction,
  FilesystemEvent,
  FilesystemFaultAction,
  JavaFunctionEvent,
  LogEvent,
  PacketEvent,
  PacketFaultAction,
  type PacketSource,
  ProcFaultAction,
  ProcSetEvent,
  ProcSetSchedAction,
  type SchedAttributes,
  ShellAction,
} from "../signal/index.js";
import type { Hash64 } from "../util/index.js";
import type { LineBytes } from "./line-bytes.js";
import { type LineStart, LineStarts } from "./line-starts.js";
import { PacketLines } from "./packet-lines.js";
import { QuotedNames, RememberedEnds } from "./quoted-names.js";
import { RepeatedLine, repeatedFrom } from "./repeated-line.js";

/** Of what was logged; a line may have 64 KiB. */
const maxMessageCharacters = 1000;

const part = {
  time: Buffer.from('{"t":'),
  hint: Buffer.from(',"hint":'),
  n: Buffer.from(',"n":'),
  arrived: Buffer.from(',"arrived":'),
  delay: Buffer.from(',"delayMs":'),
  end: Buffer.from("}\n"),
};

/** When it was carried out, when its event came, and how long that was held on purpose; from the run's start. */
export interface ActionTimes {
  readonly atMs: number;
  readonly arrivedMs: number;
  readonly delayMs: number;
}

/** Writes one action as one line of JSON; docs/trace.md has the contract. */
export class TraceLines {
  readonly #lines: LineBytes;
  readonly #names = new QuotedNames();
  readonly #ends = new RememberedEnds();
  readonly #starts = new LineStarts();
  readonly #packets = new PacketLines();
  /** By the class of the action, then of the event: all that a line says of the two. */
  readonly #classes = new Map<string, Map<string, Uint8Array>>();

  constructor(lines: LineBytes) {
    this.#lines = lines;
  }

  /**
   * `key` is the event's, where it has come before and may come again; without, nothing is remembered of it. Throws what
   * the event throws when it is asked what it is, and then there is no line.
   */
  write(action: Action, times: ActionTimes, key?: Hash64): void {
    const { event } = action;
    // Of nothing else there are so many that a copy of how its line begins would be worth its memory.
    if (key !== undefined && action instanceof EventAcceptanceAction && event instanceof PacketEvent) {
      const known = this.#starts.of(key);
      if (known !== undefined) {
        this.#acceptedPacket(event, known, times);
        return;
      }
    }
    this.settle();
    const lines = this.#lines;
    const { length } = lines;
    try {
      lines.part(part.time);
      lines.milliseconds(times.atMs);
      if (event === undefined) lines.text(`,"action":"${action.class}"${freeStanding(action)}`);
      else this.#line(action, event, times, key);
      lines.part(part.end);
    } catch (error) {
      lines.cut(length); // half a line would make the next one unreadable
      throw error;
    }
  }

  /** Whatever was written is in the bytes then. */
  settle(): void {
    if (!this.#packets.isEmpty) this.#packets.moveTo(this.#lines);
  }

  #acceptedPacket({ source, occurrence }: PacketEvent, start: LineStart, times: ActionTimes): void {
    const { ends } = source;
    if (ends === undefined || ends !== start.known) this.#setEnds(start, source);
    const length = source.byteCount ?? source.bytes.length;
    const { atMs, delayMs } = times;
    const isAtOnce = delayMs === 0 && times.arrivedMs === atMs;
    if (isAtOnce && start.length === length && occurrence >= repeatedFrom) {
      start.repeated ??= new RepeatedLine(start.bytes, start.ends.atOnce, length);
      this.#packets.addRepeated(start.repeated, atMs, occurrence);
    } else {
      start.length = length;
      start.repeated = undefined;
      const end = delayMs === 0 ? start.ends.atOnce : start.ends.delayed;
      this.#packets.add(start.bytes, end, times, occurrence, length);
    }
    if (this.#packets.isFull) this.settle();
  }

  #setEnds(start: LineStart, { ends, srcEntity, dstEntity }: PacketSource): void {
    if (start.srcEntity !== srcEntity || start.dstEntity !== dstEntity) {
      start.srcEntity = srcEntity;
      start.dstEntity = dstEntity;
      start.ends = this.#ends.of(srcEntity, dstEntity);
      start.length = undefined;
    }
    start.known = ends;
  }

  #line(action: Action, event: Event, times: ActionTimes, key: Hash64 | undefined): void {
    const lines = this.#lines;
    const { length } = lines;
    lines.part(this.#classesOf(action, event));
    lines.part(this.#names.of(event.entity));
    lines.part(part.hint);
    lines.quoted(event.replayHint);
    lines.part(part.n);
    if (key !== undefined && action instanceof EventAcceptanceAction && event instanceof PacketEvent) {
      this.#starts.remember(key, lines.copyFrom(length));
    }
    lines.integer(event.occurrence);
    lines.part(part.arrived);
    lines.milliseconds(times.arrivedMs);
    lines.part(part.delay);
    lines.milliseconds(times.delayMs);
    this.#about(action, event);
  }

  #about(action: Action, event: Event): void {
    const lines = this.#lines;
    const fault = faultOf(action);
    if (fault !== undefined) lines.text(`,"fault":${JSON.stringify(fault)}`);
    if (action instanceof FilesystemCrashAction) lines.text(filesystemOf(action));
    if (event instanceof PacketEvent) {
      const { source } = event;
      lines.part(this.#ends.of(source.srcEntity, source.dstEntity).delayed);
      lines.integer(source.byteCount ?? source.bytes.length);
    } else {
      lines.text(about(action, event));
    }
  }

  #classesOf(action: Action, event: Event): Uint8Array {
    let byEvent = this.#classes.get(action.class);
    if (byEvent === undefined) {
      byEvent = new Map();
      this.#classes.set(action.class, byEvent);
    }
    let classes = byEvent.get(event.class);
    if (classes === undefined) {
      classes = Buffer.from(`,"action":"${action.class}","event":"${event.class}","entity":`);
      byEvent.set(event.class, classes);
    }
    return classes;
  }
}

function about(action: Action, event: Event): string {
  if (event instanceof FilesystemEvent) return `,"op":"${event.op}","path":${JSON.stringify(event.path)}`;
  if (event instanceof JavaFunctionEvent) {
    return `,"op":"${event.call.type}","function":${JSON.stringify(event.call.functionName)}`;
  }
  if (event instanceof LogEvent) {
    const message = event.message.slice(0, maxMessageCharacters);
    return `,"src":${JSON.stringify(event.srcEntity)},"message":${JSON.stringify(message)}`;
  }
  if (action instanceof ProcSetSchedAction || action instanceof ProcFaultAction) {
    return `${places(event)},"attrs":${JSON.stringify(withoutZeros(action.attributes))}`;
  }
  return "";
}

function faultOf(action: Action): object | undefined {
  const hasFault =
    action instanceof PacketFaultAction ||
    action instanceof FilesystemFaultAction ||
    action instanceof ProcFaultAction;
  return hasFault ? action.fault : undefined;
}

/** Another run knows a thread by its place among the event's only. */
function places(event: Event): string {
  return event instanceof ProcSetEvent
    ? `,"threads":${JSON.stringify(event.threadIds)}${event.isBirth ? ',"birth":true' : ""}`
    : "";
}

function freeStanding(action: Action): string {
  if (action instanceof FilesystemCrashAction) return filesystemOf(action);
  return action instanceof ShellAction ? `,"command":${JSON.stringify(action.command)}` : "";
}

function filesystemOf({ filesystem }: FilesystemCrashAction): string {
  return filesystem === undefined ? "" : `,"filesystem":${JSON.stringify(filesystem)}`;
}

function withoutZeros(attributes: Readonly<Record<string, SchedAttributes>>): Record<string, object> {
  const compact: Record<string, object> = {};
  for (const [thread, attribute] of Object.entries(attributes)) {
    compact[thread] = Object.fromEntries(
      Object.entries(attribute).filter(([name, value]) => name === "Policy" || value !== 0),
    );
  }
  return compact;
}
