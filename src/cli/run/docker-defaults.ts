import { readDockerConfig } from "../../../runtime/engine/index.js";
import type { RunRequest } from "../../container/run-request.js";
import { parseDetachKeys } from "../../container/terminal/index.js";
import type { RunDraft } from "./run-draft.js";

/** What the user's docker config says and the command line does not: the detach keys. Throws EngineError for a broken file. */
export function completeFromDockerConfig(request: RunRequest, draft: RunDraft): RunRequest {
  if (draft.detachKeys !== undefined) return request;
  const { detachKeys } = readDockerConfig(draft.surroundings.env);
  return detachKeys === undefined ? request : { ...request, detachKeys: parseDetachKeys(detachKeys) };
}
