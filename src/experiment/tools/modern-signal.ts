import type { SignalMap } from "./stored-action.js";

/**
 * An action in its form of today. In 2015 acceptance was called AcceptEventAction and named its event in the option. Empty
 * options are kept: everything else is as it was.
 */
export function modernAction(action: SignalMap): SignalMap {
  if (action["class"] !== "AcceptEventAction") return action;
  const { event_uuid, ...option } = { ...(action["option"] as Record<string, unknown> | undefined) };
  return {
    ...action,
    class: "EventAcceptanceAction",
    option,
    ...(event_uuid === undefined ? {} : { event_uuid }),
  };
}

/** Events made from protobuf called themselves actions. */
export function modernEvent(event: SignalMap): SignalMap {
  return event["type"] === "action" ? { ...event, type: "event" } : event;
}
