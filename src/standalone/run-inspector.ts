import { requireAbilities, type ShakingInspector } from "../abilities/index.js";
import { shiftsClocks } from "../config/index.js";
import type { Inspector } from "../inspector/index.js";
import { Journal, sweepJournals } from "../journal/index.js";
import { injectedFaults } from "../policy/index.js";
import type { RunFile } from "../record/index.js";
import { describeUndoFailure, messageOf, printable, UndoStack } from "../util/index.js";
import { StopSignals } from "./stop-signals.js";
import { summarise } from "./summary.js";
import { openWire, planWire, type Wire, type WirePlan, type WireRequest } from "./wire/index.js";

/** The user's end; our own lines go to `stderr`. */
export interface StandaloneIo {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** What every inspector is told. */
export interface InspectorRequest {
  readonly wire: WireRequest;
  readonly entity: string;
}

/** What an inspector is attached with. */
export interface InspectorSession {
  readonly wire: Wire;
  readonly undo: UndoStack;
  /** A line for the user, who reads it at once. */
  say(line: string): void;
  /** The same, and it is kept in the run's record. */
  warn(line: string): void;
  /** What an inspector went on after. */
  readonly onError: (error: unknown) => void;
  /** Aborted by a signal that came before the inspector was attached. */
  readonly interrupted: AbortSignal;
}

/** An attached inspector, and what ends it. */
export interface AttachedInspector {
  readonly inspector: Inspector;
  /** What it watches, for the line that says so: "packets of queue 42". */
  readonly watches: string;
  /**
   * Called when the line is out: what waits may go now. Resolves with the exit code when nothing is left to watch; missing:
   * only a signal ends it.
   */
  readonly untilEnd?: () => Promise<number>;
  /** Signals go to the workload and do not end the inspector. */
  readonly hasOwnSignals?: boolean;
}

export interface InspectorRun extends InspectorRequest {
  /** "proc", as the command line calls it. */
  readonly name: string;
  /** What it runs, and what it takes to run that again; missing: nothing of its own. */
  readonly workload?: {
    readonly command: readonly string[];
    readonly repeat: NonNullable<RunFile["repeat"]>;
  };
  /** What of the machine it needs. With any, root is needed, and a journal is kept. */
  readonly needs: ReadonlySet<ShakingInspector>;
  readonly io: StandaloneIo;
  /** Settles what flags change of the plan, and throws what cannot be done of it, before anything is opened. */
  readonly settle?: (plan: WirePlan) => WirePlan;
  attach(session: InspectorSession): Promise<AttachedInspector>;
  /** Attached before the wire stands, because it may be what the wire's own packets wait for. Default false. */
  readonly isBeforeWire?: boolean;
}

/**
 * The frame around an inspector, from the first check to the last undo. Returns the exit code: the workload's where there
 * is one, else 0 after a signal (it is the way to end an inspector), or 128 + n when signal n came before it was
 * attached. Throws NmzError for what cannot be done.
 */
export async function runInspector(run: InspectorRun): Promise<number> {
  const signals = new StopSignals();
  try {
    const planned = await planWire(run.wire);
    const plan = run.settle?.(planned) ?? planned;
    const isMachineChanged = run.needs.size > 0;
    await requireAbilities(run.needs, "`nmz doctor` shows the whole table");
    // A terminal in raw mode takes "\n" at its word.
    const lineEnd = (): string => (run.io.stdin.isRaw === true ? "\r\n" : "\n");
    const say = (line: string): void => void run.io.stderr.write(`nmz: ${printable(line)}${lineEnd()}`);
    if (isMachineChanged) await sweep(say);
    const undo = new UndoStack(
      isMachineChanged ? new Journal(plan.runId, plan.seed, "standalone") : undefined,
    );
    try {
      const exitCode = await attachAndWait(run, { plan, undo, signals, say });
      signals.throwFailure();
      return exitCode;
    } finally {
      for (const failure of await undo.unwind()) say(describeUndoFailure(failure));
    }
  } catch (error) {
    const { exitCode } = signals;
    if (exitCode !== undefined && (error as { name?: unknown }).name === "AbortError") return exitCode;
    throw error;
  } finally {
    signals.dispose();
  }
}

async function sweep(say: (line: string) => void): Promise<void> {
  const { undone, failed } = await sweepJournals();
  for (const line of undone) say(`left by a killed inspector, and undone: ${line}`);
  for (const line of failed) say(`left by a killed inspector: ${line}`);
}

interface Frame {
  readonly plan: Awaited<ReturnType<typeof planWire>>;
  readonly undo: UndoStack;
  readonly signals: StopSignals;
  readonly say: (line: string) => void;
}

async function attachAndWait(run: InspectorRun, { plan, undo, signals, say }: Frame): Promise<number> {
  const warnings: string[] = [];
  const warn = (line: string): void => {
    warnings.push(line);
    say(line);
  };
  const startedAt = new Date().toISOString();
  const wire = await openWire(plan, { undo, onWarning: warn });
  if (run.name !== "proc" && shiftsClocks(wire.autopilot.proc.clockOffset)) {
    warn("proc.clockOffset has no effect here: it is for commands that `nmz inspectors proc` starts");
  }
  const onError = (error: unknown): void => warn(messageOf(error));
  if (run.isBeforeWire !== true) await signals.orAborted(wire.opened);
  const attached = await run.attach({ wire, undo, say, warn, onError, interrupted: signals.signal });
  const { inspector } = attached;
  undo.push(`${run.name} inspector`, () => inspector.stop());
  await signals.orAborted(wire.opened);
  if (attached.hasOwnSignals === true) signals.release();
  say(`${run.name}: ${attached.watches} (${wire.description})`);
  const stopped = signals.aborted.then(() => 0);
  const exitCode = await Promise.race([
    stopped,
    ...(attached.untilEnd === undefined ? [] : [attached.untilEnd()]),
  ]);
  await inspector.stop().catch(onError);
  const report = inspector.report();
  for (const line of summarise(wire, report)) say(line);
  try {
    wire.out?.write({
      runId: plan.runId,
      seed: plan.seed,
      command: run.workload?.command ?? ["nmz", "inspectors", run.name],
      startedAt,
      endedAt: new Date().toISOString(),
      exitCode,
      ...wire.counts(),
      inspectors: [report],
      faults: injectedFaults(report.faults, wire.faultRules()),
      faultRules: wire.faultRules(),
      warnings,
      autopilot: wire.autopilot,
      ...(run.workload === undefined ? {} : { repeat: run.workload.repeat }),
    });
  } catch (error) {
    say(`the result was not stored in ${wire.out?.path}: ${messageOf(error)}`);
  }
  return exitCode;
}
