import { hashText, KeyedRandom } from "../../util/index.js";

/** How many of its CPUs a workload gets. */
export interface CpuShare {
  readonly count: number;
  /** Which: from this place among them on, 0 up to 1. */
  readonly place: number;
}

/** `proc.cpus` of a config under a seed; undefined where the workload keeps all. */
export function cpuShare(count: number, seed: string): CpuShare | undefined {
  if (count === 0) return undefined;
  return { count, place: new KeyedRandom(hashText(`cpus of ${seed}`)).next() };
}
