/** Real-time running time of a group: `cpu.rt_runtime_us` of each `cpu.rt_period_us`, per CPU. */
export interface RealtimeLimit {
  /** −1: no limit (the root group only). */
  readonly runtimeUs: number;
  readonly periodUs: number;
}

// Of what a top group could be given, this part; the rest stays for whoever comes from another side.
const topPart = 0.9;

/** What one of `count` containers gets: equal parts of the parent's time that no stranger has, in the container's period. */
export function equalShareUs(
  parent: RealtimeLimit,
  strangers: readonly RealtimeLimit[],
  count: number,
  periodUs: number,
): number {
  return Math.floor((free(parent, strangers) / count) * periodUs);
}

/** The value for a group on the way to the container, never below what it has: all its parent can spare. */
export function ancestorRuntimeUs(
  own: RealtimeLimit,
  parent: RealtimeLimit,
  siblings: readonly RealtimeLimit[],
  isTop: boolean,
): number {
  const part = isTop ? topPart : 1;
  return Math.max(own.runtimeUs, Math.floor(free(parent, siblings) * part * own.periodUs));
}

function free(parent: RealtimeLimit, children: readonly RealtimeLimit[]): number {
  const taken = children.reduce((sum, child) => sum + ratio(child), 0);
  return Math.max(0, ratio(parent) - taken);
}

function ratio({ runtimeUs, periodUs }: RealtimeLimit): number {
  return runtimeUs < 0 ? 1 : runtimeUs / periodUs;
}
