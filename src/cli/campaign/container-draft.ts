import type { RunDraft } from "../run/index.js";
import { loopedRunSections } from "./container-flags.js";
import type { LoopDraft } from "./loop-flags.js";
import { type TypedFlag, typedSections } from "./run-words.js";

export interface ContainerLoopDraft extends LoopDraft {
  readonly run: RunDraft;
  readonly typed: TypedFlag[];
  copyVolumes: boolean;
}

export const containerRunSections = typedSections<RunDraft, Pick<ContainerLoopDraft, "run" | "typed">>(
  loopedRunSections,
  ({ run }) => run,
);
