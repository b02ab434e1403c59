/** Of one file: writes that were never synced, and that a crash took back. */
export interface LostData {
  readonly path: string;
  readonly writes: number;
  readonly bytes: number;
}

export interface CrashLoss {
  readonly lost: readonly LostData[];
  /** Files that could not be put back. */
  readonly failed: readonly string[];
}

/** Whoever can make file systems lose what was never synced: a mount's inspector, or a run with all its volumes. */
export interface CrashSite {
  /** The entities of its events. */
  readonly entities: readonly string[];
  /** Rejects when it could not be done at all, with NMZ_CRASH_NO_ANSWER when nobody is there who could. */
  crash(): Promise<CrashLoss>;
}

/** What one site lost. */
export interface SiteLoss extends CrashLoss {
  readonly entities: readonly string[];
}

/** Where sites make themselves known, and are made to crash. */
export interface Crashes {
  /** Returns what takes it back. */
  offer(site: CrashSite): () => void;
  /**
   * All of them, or those with that entity. Rejects with NMZ_CRASH_NOBODY where there is none, NMZ_CRASH_ENTITY where none has it, and
   * NMZ_CRASH_FAILED when one could not. Of several with the same entities one may be a dead connection: it is enough that another answers.
   */
  crash(entity?: string): Promise<readonly SiteLoss[]>;
}
