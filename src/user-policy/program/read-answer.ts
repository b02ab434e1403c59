import { constants } from "node:os";
import { type Answer, faultActionOf } from "../../policy/index.js";
import { type Action, actionFromJson, type Event } from "../../signal/index.js";

/**
 * What a program answered to an event: `delayMs` (default 0), and either `fault`, a fault or its name, or `action`, which is
 * "accept" (default), "fault", or an action in its wire form. Throws what is wrong with it.
 */
export function readAnswer(message: Readonly<Record<string, unknown>>, event: Event): Answer {
  const { delayMs = 0, action = "accept", fault } = message;
  if (typeof delayMs !== "number")
    throw new TypeError(`delayMs: expected a number, got ${JSON.stringify(delayMs)}`);
  if (fault !== undefined) {
    if (message["action"] !== undefined)
      throw new TypeError("action: there is a fault already; give one of the two");
    return { delayMs, action: readFault(fault, event) };
  }
  if (action === "accept") return { delayMs, action: event.defaultAction() };
  if (action === "fault") return { delayMs, action: event.faultAction() ?? event.defaultAction() };
  if (typeof action === "string") {
    throw new TypeError(`action: expected "accept", "fault" or an action, got ${JSON.stringify(action)}`);
  }
  return { delayMs, action: actionFromJson(action, event) };
}

/** `"drop"`, `"ENOSPC"`, `{"kind":"short","share":0.5}`. */
function readFault(written: unknown, event: Event): Action {
  if (typeof written === "string") {
    const isError = Object.hasOwn(constants.errno, written);
    return faultActionOf(event, isError ? { kind: "errno", errno: written } : { kind: written });
  }
  const { kind } = (written ?? {}) as { readonly kind?: unknown };
  if (typeof kind === "string") return faultActionOf(event, written as Parameters<typeof faultActionOf>[1]);
  throw new TypeError(
    `fault: expected a name, or an object with a kind, got ${JSON.stringify(written).slice(0, 80)}`,
  );
}
