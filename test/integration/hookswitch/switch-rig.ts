import { startHookSwitchInspector } from "../../../src/inspector/index.js";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import type { Decision } from "../../../src/policy/index.js";
import type { Event, PacketEvent } from "../../../src/signal/index.js";
import { LocalTransceiver } from "../../../src/transceiver/index.js";
import { UndoStack } from "../../../src/util/index.js";

/** What a test fails with in the end, whatever the machine is busy with. */
export const patience = { timeout: 20_000, interval: 20 };

export const accept = (event: Event): Decision => ({ delayMs: 0, action: event.defaultAction() });

/** The whole path of a frame: switch, inspector, local wire, orchestrator, a policy that the test may change. */
export async function startInspector(address: string) {
  const undo = new UndoStack();
  const errors: unknown[] = [];
  const events: PacketEvent[] = [];
  const rule = { decide: accept as (event: PacketEvent) => Decision };
  const orchestrator = new Orchestrator({
    seed: "test",
    cpuCount: 2,
    createPolicy: () => ({
      name: "test",
      onEvent: (event) => {
        events.push(event as PacketEvent);
        return rule.decide(event as PacketEvent);
      },
    }),
    onError: (error) => errors.push(error),
  });
  const inspector = await startHookSwitchInspector({
    address,
    entity: "switch",
    transceiver: new LocalTransceiver(orchestrator),
    undo,
    onError: (error) => errors.push(error),
  });
  return { inspector, orchestrator, undo, errors, events, rule };
}

export type InspectedSwitch = Awaited<ReturnType<typeof startInspector>>;
