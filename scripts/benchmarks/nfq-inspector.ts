/**
 * The process under test: the ethernet inspector, the orchestrator and policy `random`, as a run has them.
 * nfq-inspector NETNS MIN MAX [FAULT-PROBABILITY [TRACE-FILE]]: prints "ready"; on SIGTERM what it saw, as one line of JSON, and ends.
 */

import { startEthernetInspector } from "../../src/inspector/ethernet/index.js";
import { Orchestrator } from "../../src/orchestrator/index.js";
import { createPolicy } from "../../src/policy/index.js";
import { TraceWriter } from "../../src/record/index.js";
import { EventKeys, PacketEvent } from "../../src/signal/index.js";
import { LocalTransceiver } from "../../src/transceiver/index.js";
import { UndoStack } from "../../src/util/index.js";
import { readPacketNumber } from "./packet-number.js";

/** What the process prints at its end. */
export interface InspectorFigures {
  readonly events: number;
  /** The most that were held at a time. */
  readonly heldAtOnce: number;
  /** Delay asked for, by the number in the packet. */
  readonly askedMs: Readonly<Record<number, number>>;
}

const [netnsPath = "", minInterval = "0ms", maxInterval = "0ms", faultProbability = "0", traceFile] =
  process.argv.slice(2);
const askedMs: Record<number, number> = {};
let heldAtOnce = 0;

const isDelayed = maxInterval !== "0ms";
const seed = "bench";
const keys = new EventKeys(seed);
const trace =
  traceFile === undefined ? undefined : new TraceWriter({ file: traceFile, run: "bench", seed, keys });
const orchestrator = new Orchestrator({
  ...(trace === undefined ? {} : { observer: trace }),
  seed,
  keys,
  cpuCount: 2,
  createPolicy: (context) => {
    const policy = createPolicy(
      "random",
      { minInterval, maxInterval, faultActionProbability: Number(faultProbability) },
      context,
    );
    if (!isDelayed) return policy;
    return {
      name: policy.name,
      onEvent: (event) => {
        const decision = policy.onEvent(event);
        if (event instanceof PacketEvent) askedMs[readPacketNumber(event.source.bytes)] = decision.delayMs;
        return decision;
      },
    };
  },
});

const inspector = await startEthernetInspector({
  netnsPath,
  queueNumber: 42,
  directions: ["output"],
  match: [],
  driver: "netlink",
  entity: "_namazu_container_ethernet_inspector",
  transceiver: new LocalTransceiver(orchestrator),
  undo: new UndoStack(),
  onError: (error) => {
    throw error;
  },
});
setInterval(() => {
  heldAtOnce = Math.max(heldAtOnce, orchestrator.counts.held);
}, 10).unref();
process.once("SIGTERM", async () => {
  orchestrator.stop();
  await inspector.stop();
  trace?.close();
  const figures: InspectorFigures = { events: inspector.report().events, heldAtOnce, askedMs };
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
});
process.stdout.write("ready\n");
