import { HttpError } from "./http-error.js";

/** What clients hear while the endpoint closes. */
export function closing(): HttpError {
  return new HttpError(503, "NMZ_REST_CLOSING", "the orchestrator is closing", {
    hint: "let what you hold go on",
    endsConnection: true,
  });
}
