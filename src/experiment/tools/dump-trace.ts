import type { SignalMap, StoredAction } from "./stored-action.js";

/** The lines of the original's `tools dump-trace`: an action, its event, and their options in Go's syntax. */
export function* dumpLines(actions: Iterable<StoredAction>): Generator<string> {
  let number = 0;
  for (const { action, event, triggeredMs, arrivedMs } of actions) {
    const cause = event === undefined ? "" : ` for ${signalWords(event, arrivedMs)}`;
    yield `${number}: ${signalWords(action, triggeredMs)}${cause}`;
    yield* optionLines("Action option", action);
    if (event !== undefined) yield* optionLines("Event option", event);
    number += 1;
  }
}

function signalWords({ class: name, entity }: SignalMap, timeMs: number | undefined): string {
  return `${name}[${entity}@${timeMs === undefined ? "?" : stampMicro(timeMs)}]`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Go's time.StampMicro, "Jan _2 15:04:05.000000", in this machine's zone. */
function stampMicro(timeMs: number): string {
  const time = new Date(Math.floor(timeMs));
  const two = (value: number): string => String(value).padStart(2, "0");
  const micros = Math.floor((timeMs - Math.floor(timeMs / 1000) * 1000) * 1000 + 1e-3);
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const day = String(time.getDate()).padStart(2, " ");
  return `${months[time.getMonth()]} ${day} ${clock}.${String(micros).padStart(6, "0")}`;
}

function* optionLines(title: string, { option }: SignalMap): Generator<string> {
  if (typeof option !== "object" || option === null || Object.keys(option).length === 0) return;
  yield ` - ${title}:`;
  for (const [key, value] of Object.entries(option).sort(byKey)) yield ` -- ${key}: ${goSyntax(value)}`;
}

/** A value as Go's `%#v` shows it. */
export function goSyntax(value: unknown, isInside = false): string {
  if (typeof value === "string") return goQuote(value);
  if (typeof value === "number") return goFloat(value);
  if (typeof value === "boolean") return String(value);
  if (value === null || value === undefined) return isInside ? "interface {}(nil)" : "<nil>";
  if (Array.isArray(value)) return `[]interface {}{${value.map((item) => goSyntax(item, true)).join(", ")}}`;
  const members = Object.entries(value)
    .sort(byKey)
    .map(([key, member]) => `${goQuote(key)}:${goSyntax(member, true)}`);
  return `map[string]interface {}{${members.join(", ")}}`;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The shortest digits, with an exponent of two digits at least below 1e-4 and from 1e6 on. */
function goFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

const goEscapes: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

function goQuote(text: string): string {
  const quoted = text.replace(/["\\]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (found) => {
    const known = goEscapes[found];
    if (known !== undefined) return known;
    const code = found.codePointAt(0)!;
    const hex = code.toString(16);
    if (code < 0x80) return `\\x${hex.padStart(2, "0")}`;
    return code > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
  });
  return `"${quoted}"`;
}
