import type { Answer } from "../../policy/index.js";
import { actionFromJson, type Event } from "../../signal/index.js";

/**
 * What a program answered to an event: `delayMs` (default 0), and `action`, which is "accept" (default), "fault", or an
 * action in its wire form. Throws what is wrong with it.
 */
export function readAnswer(message: Readonly<Record<string, unknown>>, event: Event): Answer {
  const { delayMs = 0, action = "accept" } = message;
  if (typeof delayMs !== "number")
    throw new TypeError(`delayMs: expected a number, got ${JSON.stringify(delayMs)}`);
  if (action === "accept") return { delayMs, action: event.defaultAction() };
  if (action === "fault") return { delayMs, action: event.faultAction() ?? event.defaultAction() };
  if (typeof action === "string") {
    throw new TypeError(`action: expected "accept", "fault" or an action, got ${JSON.stringify(action)}`);
  }
  return { delayMs, action: actionFromJson(action, event) };
}
