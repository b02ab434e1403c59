import { admittedDeadlineCpus } from "../../../runtime/kernel/index.js";
import { BirthWatch } from "./birth-watch.js";
import { ProcInspector } from "./proc-inspector.js";
import type { PrepareProcInspectorOptions, ProcTarget } from "./proc-inspector-options.js";
import { openRealtime } from "./realtime-opening.js";
import { Refusals } from "./refusals.js";
import { type ProcessStarter, Restarts } from "./restarts.js";
import { startInTree } from "./start-in-tree.js";
import { findThreadSource } from "./thread-source.js";

/** An inspector whose worker and socket are there, waiting for a container. */
export interface PreparedProcInspector {
  /** Shakes the target's threads from now on: all that exist are swept before this resolves. Once only. */
  attach(target: ProcTarget): Promise<ProcInspector>;
  /** Instead of `attach`: nothing came of it. Idempotent. */
  dispose(): Promise<void>;
}

/** Does what takes time (40 ms for the worker) before there is a workload, so that `attach` takes a few milliseconds. */
export async function prepareProcInspector(
  options: PrepareProcInspectorOptions,
): Promise<PreparedProcInspector> {
  const births = await BirthWatch.start(options.useProcEvents ?? true, options.onError);
  return {
    attach: (target) => attach(options, births, target),
    dispose: () => births.stop(),
  };
}

async function attach(
  options: PrepareProcInspectorOptions,
  births: BirthWatch,
  target: ProcTarget,
): Promise<ProcInspector> {
  const refusals = new Refusals();
  const source = await findThreadSource(target);
  if (target.kind === "cgroup" && source.cgroup === undefined) {
    refusals.count("the container's cgroup was not found: followed as the descendants of its first process");
  }
  const closeRealtime = options.needsRealtime
    ? await openRealtime(options, source.cgroup?.cpu, refusals)
    : undefined;
  const start: ProcessStarter =
    target.kind === "cgroup"
      ? (target.startProcess ?? (() => Promise.reject(new Error("nobody here starts processes in there"))))
      : (request) => startInTree(request, target.pid, options.undo, (pid) => inspector.adopt(pid));
  const restarts = new Restarts({
    firstPid: target.pid,
    start,
    onFailure: (reason) => refusals.count(`restart: not started again: ${reason}`),
  });
  const inspector: ProcInspector = new ProcInspector({
    restarts,
    options,
    births,
    source,
    refusals,
    admittedCpus: admittedDeadlineCpus(),
    closeRealtime,
  });
  inspector.start();
  return inspector;
}
