import type { Transceiver } from "../../transceiver/index.js";
import type { UndoStack } from "../../util/index.js";
import type { CpuShare } from "./cpu-share.js";
import type { ProcessStarter } from "./restarts.js";

/** Whose threads are shaken. */
export type ProcTarget =
  /** A container: its first process (pid on the host) leads to its cgroup, which is recognised by the id. */
  | {
      readonly kind: "cgroup";
      readonly pid: number;
      readonly containerId: string;
      /** How a program is started in there. Missing: processes are not restarted. */
      readonly startProcess?: ProcessStarter;
    }
  /** A process and its descendants, where there is no container. */
  | { readonly kind: "tree"; readonly pid: number };

export interface PrepareProcInspectorOptions {
  /** Between two redraws of all threads. */
  readonly watchIntervalMs: number;
  /** The entity of the events. */
  readonly entity: string;
  readonly transceiver: Transceiver;
  readonly undo: UndoStack;
  /** The workload gets so many of its CPUs, those from `place` (0 up to 1) of them on; missing: all. */
  readonly cpus?: CpuShare | undefined;
  /** The policy may ask for SCHED_RR or SCHED_FIFO: the container's real-time group is opened (cgroup version 1). */
  readonly needsRealtime: boolean;
  /** What went wrong without ending the run: the listing of threads failed, the worker died. */
  readonly onError: (error: unknown) => void;
  /** False: births are found by listing threads, as on a kernel without process events. Default true. */
  readonly useProcEvents?: boolean;
  /** Where concurrent runs agree on real-time groups; default /run/nmzc/realtime-groups.lock. */
  readonly realtimeRegisterFile?: string;
}
