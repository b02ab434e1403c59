import {
  type Action,
  FilesystemEvent,
  FilesystemFaultAction,
  JavaFunctionEvent,
  LogEvent,
  PacketEvent,
  PacketFaultAction,
  ProcFaultAction,
  ProcSetEvent,
  ProcSetSchedAction,
  type SchedAttributes,
  ShellAction,
} from "../signal/index.js";

/** Of what was logged; a line may have 64 KiB. */
const maxMessageCharacters = 1000;

/** One action as one line of JSON; docs/trace.md has the contract. `t` and `delayMs` in milliseconds. */
export function traceLine(action: Action, timeMs: number, delayMs: number, arrivedMs = timeMs): string {
  const { event } = action;
  const start = `{"t":${rounded(timeMs)},"action":"${action.class}"`;
  if (event === undefined) return `${start}${freeStanding(action)}}\n`;
  // Concatenated by hand: a trace of packets is written at the packets' rate.
  return `${start},"event":"${event.class}","entity":${quoted(event.entity)},"hint":${quoted(event.replayHint)},"n":${event.occurrence},"arrived":${rounded(arrivedMs)},"delayMs":${rounded(delayMs)}${fault(action)}${about(action)}}\n`;
}

function about(action: Action): string {
  const { event } = action;
  if (event instanceof PacketEvent) {
    const { srcEntity, dstEntity, bytes } = event.source;
    return `,"src":${quoted(srcEntity)},"dst":${quoted(dstEntity)},"length":${bytes.length}`;
  }
  if (event instanceof FilesystemEvent) {
    return `,"op":"${event.op}","path":${JSON.stringify(event.path)}`;
  }
  if (event instanceof JavaFunctionEvent) {
    return `,"op":"${event.call.type}","function":${quoted(event.call.functionName)}`;
  }
  if (event instanceof LogEvent) {
    const message = event.message.slice(0, maxMessageCharacters);
    return `,"src":${quoted(event.srcEntity)},"message":${quoted(message)}`;
  }
  if (action instanceof ProcSetSchedAction || action instanceof ProcFaultAction) {
    return `${places(action)},"attrs":${JSON.stringify(withoutZeros(action.attributes))}`;
  }
  return "";
}

function fault(action: Action): string {
  const hasFault =
    action instanceof PacketFaultAction ||
    action instanceof FilesystemFaultAction ||
    action instanceof ProcFaultAction;
  return hasFault ? `,"fault":${JSON.stringify(action.fault)}` : "";
}

/** Another run knows a thread by its place among the event's only. */
function places({ event }: Action): string {
  return event instanceof ProcSetEvent ? `,"threads":${JSON.stringify(event.threadIds)}` : "";
}

function freeStanding(action: Action): string {
  return action instanceof ShellAction ? `,"command":${JSON.stringify(action.command)}` : "";
}

// Names that fit in JSON as they are, which is nearly all of them: one look is cheaper than JSON.stringify's.
const plain = /^[\w .:/@+=,;()[\]#%&!?*~^$|<>-]*$/;

function quoted(name: string): string {
  return plain.test(name) ? `"${name}"` : JSON.stringify(name);
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

/** To the microsecond. */
function rounded(milliseconds: number): string {
  if (milliseconds === 0) return "0";
  const microseconds = Math.round(milliseconds * 1000);
  const whole = Math.floor(microseconds / 1000);
  return `${whole}.${String(microseconds - whole * 1000).padStart(3, "0")}`;
}
