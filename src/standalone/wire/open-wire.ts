import type { TcpPeer } from "../../../runtime/kernel/index.js";
import type { Autopilot } from "../../config/index.js";
import { openOrchestrator } from "../../orchestrator/index.js";
import { type FaultRuleReport, usesRealtime } from "../../policy/index.js";
import { OutFolder } from "../../record/index.js";
import type { CrashSite } from "../../signal/index.js";
import {
  LocalTransceiver,
  openTransceiver,
  type RemoteTransceiver,
  type Transceiver,
} from "../../transceiver/index.js";
import type { UndoStack } from "../../util/index.js";
import { LateTransceiver } from "./late-transceiver.js";
import { peersOf } from "./peers-of.js";
import type { WirePlan } from "./plan-wire.js";

export interface WireOptions {
  readonly undo: UndoStack;
  /** What goes wrong while events are decided on, or on the way there, each cause once, as a line for people. */
  readonly onWarning: (line: string) => void;
}

/** The way to whoever decides. */
export interface Wire {
  readonly transceiver: Transceiver;
  /**
   * Resolves when the first attempt to reach the orchestrator has ended, well or not; until then events are accepted unseen.
   * Rejects when it does not let us in.
   */
  readonly opened: Promise<void>;
  /** The orchestrator's own when it is in this process, else the defaults. */
  readonly autopilot: Autopilot;
  /** What is drawn in this process is drawn from it. */
  readonly seed: string;
  /** Whoever decides may ask for SCHED_RR or SCHED_FIFO. */
  readonly mayUseRealtime: boolean;
  /** "seed 4f1c", "orchestrator http://10.0.0.1:10080/api/v3". */
  readonly description: string;
  /** The orchestrator's own endpoint, where it is elsewhere: to hold packets of this connection would be a deadlock. */
  readonly peers: readonly TcpPeer[];
  /** What `local://` has counted; undefined where the orchestrator is elsewhere. */
  counts(): { readonly events: number; readonly delayed: number } | undefined;
  /** What became of the config's fault rules; none where the orchestrator is elsewhere, which says it itself. */
  faultRules(): readonly FaultRuleReport[];
  /** Says that somebody here can lose what was never synced, when a policy or `POST /control` wants it. */
  offerCrash(site: CrashSite): void;
  /** What else is worth a line at the end. */
  notes(): readonly string[];
  /** Where the run is recorded; undefined: nowhere. */
  readonly out: OutFolder<object> | undefined;
}

/**
 * Opens what was planned; its undo is pushed. An orchestrator elsewhere that cannot be reached is no error: it is said, and
 * looked for again while everything goes on. Throws NMZ_OUT_FOLDER, NMZ_TRACE_OPEN.
 */
export async function openWire(plan: WirePlan, options: WireOptions): Promise<Wire> {
  return plan.url === undefined ? openLocal(plan, options) : openRemote(plan.url, plan, options);
}

function openLocal(
  { runId, seed, loaded, policies, outDir }: WirePlan,
  { undo, onWarning }: WireOptions,
): Wire {
  const { autopilot } = loaded;
  const out = outDir === undefined ? undefined : new OutFolder<object>(outDir, runId);
  const setup = { autopilot, policies, run: runId, seed, traceFile: out?.traceFile, outDir, onWarning };
  const orchestrator = openOrchestrator(setup, undo);
  for (const warning of loaded.warnings) onWarning(warning);
  return {
    transceiver: new LocalTransceiver(orchestrator),
    opened: Promise.resolve(),
    autopilot,
    seed,
    mayUseRealtime: usesRealtime(autopilot.explorePolicyParam),
    description: `seed ${seed}`,
    peers: [],
    notes: () => [],
    counts: () => orchestrator.counts,
    faultRules: () => orchestrator.faultRules,
    offerCrash: (site) => void orchestrator.crashes.offer(site),
    out,
  };
}

async function openRemote(
  url: URL,
  { token, loaded, seed }: WirePlan,
  { undo, onWarning }: WireOptions,
): Promise<Wire> {
  const peers = await peersOf(url);
  const late = new LateTransceiver();
  let remote: RemoteTransceiver | undefined;
  const opened = openTransceiver(url.href, { token, onWarning }).then((transceiver) => {
    remote = transceiver;
    late.leadTo(transceiver);
  });
  opened.catch(() => {}); // whoever attaches awaits it
  undo.push(`wire to ${url.href}`, () => remote?.close());
  return {
    transceiver: late,
    opened,
    autopilot: loaded.autopilot,
    seed,
    mayUseRealtime: true,
    description: `orchestrator ${url.href}`,
    peers,
    counts: () => undefined,
    faultRules: () => [],
    offerCrash: (site) => late.offerCrash(site),
    notes: () => {
      const { acceptedUnseen = 0, outages = 0 } = remote?.counts ?? {};
      return acceptedUnseen + outages === 0
        ? []
        : [`${acceptedUnseen} events went on unseen, the orchestrator being away (${outages} outages)`];
    },
    out: undefined,
  };
}
