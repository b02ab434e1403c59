import type { Autopilot } from "../../config/index.js";
import { OutFolder } from "../../journal/index.js";
import { openOrchestrator } from "../../orchestrator/index.js";
import { usesRealtime } from "../../policy/index.js";
import { LocalTransceiver, type Transceiver } from "../../transceiver/index.js";
import { NmzError, type UndoStack } from "../../util/index.js";
import { localUrl, type WirePlan } from "./plan-wire.js";

export interface WireOptions {
  readonly undo: UndoStack;
  /** What goes wrong while events are decided on, or on the way there, each cause once, as a line for people. */
  readonly onWarning: (line: string) => void;
}

/** The way to whoever decides. */
export interface Wire {
  readonly transceiver: Transceiver;
  /** The orchestrator's own when it is in this process, else the defaults. */
  readonly autopilot: Autopilot;
  /** Whoever decides may ask for SCHED_RR or SCHED_FIFO. */
  readonly mayUseRealtime: boolean;
  /** "seed 4f1c", "orchestrator http://10.0.0.1:10080/api/v3". */
  readonly description: string;
  /** What `local://` has counted; undefined where the orchestrator is elsewhere. */
  counts(): { readonly events: number; readonly delayed: number } | undefined;
  /** Where the run is recorded; undefined: nowhere. */
  readonly out: OutFolder<object> | undefined;
}

/** Opens what was planned; its undo is pushed. Throws NMZ_OUT_FOLDER, NMZ_TRACE_OPEN. */
export async function openWire(plan: WirePlan, options: WireOptions): Promise<Wire> {
  return plan.url === undefined ? openLocal(plan, options) : openRemote(plan.url, plan, options);
}

function openLocal(
  { runId, seed, loaded, policies, outDir }: WirePlan,
  { undo, onWarning }: WireOptions,
): Wire {
  const { autopilot } = loaded;
  const out = outDir === undefined ? undefined : new OutFolder<object>(outDir, runId);
  const setup = { autopilot, policies, run: runId, seed, traceFile: out?.traceFile, onWarning };
  const orchestrator = openOrchestrator(setup, undo);
  for (const warning of loaded.warnings) onWarning(warning);
  return {
    transceiver: new LocalTransceiver(orchestrator),
    autopilot,
    mayUseRealtime: usesRealtime(autopilot.explorePolicyParam),
    description: `seed ${seed}`,
    counts: () => orchestrator.counts,
    out,
  };
}

async function openRemote(url: URL, _plan: WirePlan, _options: WireOptions): Promise<Wire> {
  throw new NmzError("NMZ_WIRE_URL", `no wire leads to ${url.href} yet`, { hint: `use ${localUrl}` });
}
