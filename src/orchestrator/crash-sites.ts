import { type Crashes, type CrashSite, FilesystemCrashAction, type SiteLoss } from "../signal/index.js";
import { messageOf, NmzError } from "../util/index.js";

/** Who can crash in this experiment: inspectors here, and those that a wire has announced. */
export class CrashSites implements Crashes {
  readonly #sites = new Set<CrashSite>();
  readonly #onAsked: (action: FilesystemCrashAction, delayMs: number) => void;
  #done = 0;

  /** `onAsked` is told of each crash that somebody can do, before it is done, with how long its event was held; the trace is. */
  constructor(onAsked: (action: FilesystemCrashAction, delayMs: number) => void) {
    this.#onAsked = onAsked;
  }

  /** Crashes so far, of any site. */
  get done(): number {
    return this.#done;
  }

  /**
   * Beside others of the same entities: two hosts may have called theirs alike, or an inspector has come back and its old connection is
   * not known to be dead yet. Only asking tells.
   */
  offer(site: CrashSite): () => void {
    this.#sites.add(site);
    return () => void this.#sites.delete(site);
  }

  async crash(entity?: string): Promise<readonly SiteLoss[]> {
    const crashNow = this.prepare(new FilesystemCrashAction(undefined, entity));
    return crashNow();
  }

  /** What a crash needs before it is done: somebody who can (throws as `crash` rejects), and its line in the trace. */
  prepare(action: FilesystemCrashAction, delayMs = 0): () => Promise<readonly SiteLoss[]> {
    const sites = this.#sitesOf(action.filesystem);
    this.#onAsked(action, delayMs);
    return () => this.#crashAll(sites);
  }

  async #crashAll(sites: readonly CrashSite[]): Promise<readonly SiteLoss[]> {
    // What one cannot do keeps the others from nothing.
    const results = await Promise.allSettled(sites.map((site) => site.crash()));
    const losses: SiteLoss[] = [];
    for (const [index, result] of results.entries()) {
      if (result.status === "fulfilled") losses.push({ entities: sites[index]!.entities, ...result.value });
    }
    const crashed = new Set(losses.flatMap(({ entities }) => entities));
    const failures: string[] = [];
    for (const [index, result] of results.entries()) {
      if (result.status === "fulfilled") continue;
      const { entities } = sites[index]!;
      const isReplaced = isNoAnswer(result.reason) && entities.every((entity) => crashed.has(entity));
      if (!isReplaced) failures.push(`${entities.join(", ")}: ${messageOf(result.reason)}`);
    }
    this.#done += losses.length;
    if (failures.length === 0) return losses;
    throw new NmzError("NMZ_CRASH_FAILED", `not every file system could crash: ${failures.join("; ")}`);
  }

  #sitesOf(entity: string | undefined): readonly CrashSite[] {
    const all = [...this.#sites];
    if (all.length === 0) {
      throw new NmzError(
        "NMZ_CRASH_NOBODY",
        "no file system here can crash: none remembers what was not synced",
        {
          hint: 'set "crash = true" below [fs] in the configuration, or give nmz inspectors fs --crash',
        },
      );
    }
    const chosen = entity === undefined ? all : all.filter(({ entities }) => entities.includes(entity));
    if (chosen.length > 0) return chosen;
    const known = [...new Set(all.flatMap(({ entities }) => entities))].join(", ");
    throw new NmzError("NMZ_CRASH_ENTITY", `no file system that can crash has the entity "${entity}"`, {
      hint: `those that can: ${known}`,
    });
  }
}

/** A dead connection; whoever is there and says that it could not is no such thing. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof NmzError && error.code === "NMZ_CRASH_NO_ANSWER";
}
