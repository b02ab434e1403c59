import { createHash } from "node:crypto";
import { goJson } from "../storage/index.js";
import type { SignalMap, StoredAction } from "./stored-action.js";

/**
 * A digest that two traces have in common if they are the same. With partial order reduction they are where each entity's
 * events came in the same order, whatever the order between entities; without, where all actions are equal (they
 * name the event that they answer, so in practice never). `uuid` is looked past in both. As the original's `tools visualize`.
 */
export function traceDigest(actions: Iterable<StoredAction>, hasReduction: boolean): string {
  if (!hasReduction) {
    const hash = createHash("sha256");
    for (const { action } of actions) hash.update(withoutUuid(action)).update("\0");
    return hash.digest("hex");
  }
  const perEntity = new Map<string, ReturnType<typeof createHash>>();
  for (const { event } of actions) {
    if (event === undefined) continue;
    const entity = String(event["entity"]);
    let hash = perEntity.get(entity);
    if (hash === undefined) {
      hash = createHash("sha256");
      perEntity.set(entity, hash);
    }
    hash.update(withoutUuid(event)).update("\0");
  }
  return JSON.stringify(
    [...perEntity]
      .map(([entity, hash]) => [entity, hash.digest("hex")])
      .sort(([a], [b]) => (a! < b! ? -1 : 1)),
  );
}

function withoutUuid({ uuid: _, ...signal }: SignalMap): string {
  return goJson(signal);
}
