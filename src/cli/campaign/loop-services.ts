import { setTimeout as sleep } from "node:timers/promises";
import { type Engine, openEngine, openRootEngine } from "../../../runtime/engine/index.js";
import { ensureImage } from "../../container/pull/index.js";
import { loadAutopilotWithPolicy } from "../../user-policy/index.js";
import { lockCampaign } from "./campaign-lock.js";
import { type ChildEnd, type ChildRequest, runChild } from "./child-run.js";
import type { ImageFolders } from "./in-container.js";
import { untilOrphansEnd } from "./orphaned-runs.js";

export interface ImageRequest {
  readonly image: string;
  readonly pull: "always" | "missing" | "never";
  readonly platform: string | undefined;
  readonly isQuiet: boolean | undefined;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

interface PreparedImage extends ImageFolders {
  readonly engine: string;
  readonly imageId: string;
}

/** What a `loop` needs of the world; tests give their own. */
export interface LoopServices {
  makeChildRun(request: ChildRequest, endNow: AbortSignal): Promise<ChildEnd>;
  /** Pulls it where it has to; every run takes this one then. */
  prepareImage(request: ImageRequest): Promise<PreparedImage>;
  /** Throws what is wrong with the config. */
  loadAutopilot(file: string | undefined): Promise<Readonly<Record<string, unknown>>>;
  lockCampaign(folder: string): () => void;
  /** Resolves when no run of a loop that was killed goes on in this campaign; `onWait` hears of the process waited for. */
  untilOrphansEnd(folder: string, signal: AbortSignal, onWait: (pid: number) => void): Promise<void>;
  /** Resolves when an engine answers again; throws when none does for long. */
  untilEngine(signal: AbortSignal): Promise<void>;
}

const enginePatienceMs = 10 * 60_000;
const engineRetryMs = 1000;

export const loopServices: LoopServices = {
  makeChildRun: runChild,
  lockCampaign,
  untilOrphansEnd,
  async prepareImage({ image, pull, platform, isQuiet, stderr, signal }) {
    const engine: Engine = await openRootEngine();
    const here = await ensureImage(engine, image, { pull, platform, isQuiet, stderr, signal });
    return {
      ...{ engine: engine.info.name, imageId: here.id },
      ...{ workingDir: here.workingDir, volumes: here.volumes },
    };
  },
  async loadAutopilot(file) {
    const { loaded } = await loadAutopilotWithPolicy(file);
    return loaded.autopilot as unknown as Readonly<Record<string, unknown>>;
  },
  async untilEngine(signal) {
    for (const until = performance.now() + enginePatienceMs; ; ) {
      try {
        await openEngine();
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (performance.now() > until) throw error;
      }
      await sleep(engineRetryMs);
    }
  },
};
