import type { PacketMatch } from "../../../src/config/autopilot.js";
import { startEthernetInspector } from "../../../src/inspector/ethernet/index.js";
import type { Inspector } from "../../../src/inspector/index.js";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import type { Decision } from "../../../src/policy/index.js";
import type { Event, PacketEvent } from "../../../src/signal/index.js";
import { LocalTransceiver } from "../../../src/transceiver/index.js";
import { UndoStack } from "../../../src/util/index.js";

export interface AttachOptions {
  readonly netnsPath: string;
  readonly driver: "netlink" | "nfqueue";
  readonly directions?: readonly ("output" | "input")[];
  readonly match?: readonly PacketMatch[];
  readonly queueNumber?: number;
  /** Default: accept at once. */
  readonly decide?: (event: PacketEvent) => Decision;
}

export interface AttachedInspector {
  readonly inspector: Inspector;
  readonly orchestrator: Orchestrator;
  readonly undo: UndoStack;
  readonly errors: unknown[];
}

export const accept = (event: Event): Decision => ({ delayMs: 0, action: event.defaultAction() });

export const delay =
  (delayMs: number) =>
  (event: Event): Decision => ({ delayMs, action: event.defaultAction() });

/** The whole path as a run has it: inspector, local wire, orchestrator, a policy of the test's own. */
export async function attach(options: AttachOptions): Promise<AttachedInspector> {
  const errors: unknown[] = [];
  const undo = new UndoStack();
  const orchestrator = new Orchestrator({
    seed: "test",
    cpuCount: 2,
    createPolicy: () => ({
      name: "test",
      onEvent: (event) => (options.decide ?? accept)(event as PacketEvent),
    }),
    onError: (error) => errors.push(error),
  });
  const inspector = await startEthernetInspector({
    netnsPath: options.netnsPath,
    queueNumber: options.queueNumber ?? 42,
    directions: options.directions ?? ["output"],
    match: options.match ?? [],
    driver: options.driver,
    entity: "test",
    transceiver: new LocalTransceiver(orchestrator),
    undo,
    onError: (error) => errors.push(error),
  });
  return { inspector, orchestrator, undo, errors };
}
