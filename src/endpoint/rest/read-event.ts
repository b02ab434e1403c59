import { type Event, eventFromJson, SignalError } from "../../signal/index.js";
import { HttpError } from "../http/index.js";
import { findJsonMistake } from "./json-syntax.js";

// What a signal's entity is before anybody has set it.
const invalidEntity = "_namazu_invalid_entity_id";

/**
 * The event that a body is. Its own entity decides where the answer goes, as in Namazu, unless that is the one which stands
 * for none: pynmz's SyslogInspectorBase leaves it there, and polls for the path's. Throws an HttpError that names the byte
 * or the key.
 */
export function readEvent(text: string, pathEntity: string, pathUuid: string): Event {
  const json = parseBody(text);
  if (typeof json === "object" && json !== null && "entity" in json && json.entity === invalidEntity) {
    json.entity = pathEntity;
  }
  const event = eventOf(json);
  if (event.uuid !== pathUuid) {
    throw new HttpError(409, "NMZ_REST_UUID_MISMATCH", `uuid mismatch: ${pathUuid} vs ${event.uuid}`, {
      hint: "the path ends with the event's own uuid",
    });
  }
  return event;
}

function eventOf(json: unknown): Event {
  try {
    return eventFromJson(json);
  } catch (error) {
    if (!(error instanceof SignalError)) throw error;
    throw new HttpError(400, "NMZ_REST_EVENT", error.message, {
      hint: `look at the key "${error.key}": docs/rest.md has an event of each class`,
    });
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const mistake = findJsonMistake(text);
    // Nothing that V8 refuses is known to be without one.
    if (mistake === undefined) throw error;
    const { byte, expected, got } = mistake;
    const found = got === "" ? "the body ends" : `there is ${JSON.stringify(got)}`;
    throw new HttpError(
      400,
      "NMZ_REST_JSON",
      `the body is no JSON: at byte ${byte}, expected ${expected}, ${found}`,
      {
        hint: "send one event as a JSON object",
      },
    );
  }
}
