import type { StoredRun } from "../record/index.js";
import { notRepeatable } from "../replay/index.js";
import type { RunRequest } from "./run-request.js";

const kind = "container";

/** A request as run.json keeps it: everything, as plain data. */
export function storedRequest(request: RunRequest): NonNullable<NonNullable<StoredRun["result"]>["repeat"]> {
  // The copies are gone when the run is; what they were made of is what there is to run again.
  const volumes = request.volumes.map(({ standIn: _, ...volume }) => volume);
  return { kind, request: { ...request, volumes, disabled: [...request.disabled] } };
}

/** The request of a recorded run. Throws NMZ_RUN_NOT_REPEATABLE. */
export function requestOf(run: StoredRun): RunRequest {
  const stored = run.result?.repeat;
  if (stored?.kind === kind) {
    const request = stored.request as unknown as RunRequest & { readonly disabled: readonly [] };
    return { ...request, disabled: new Set(request.disabled) };
  }
  throw notRepeatable(run);
}

/** The same container for a replay: nobody sits at a terminal, and several may run one after another. */
export function requestForReplay(
  request: RunRequest,
  { isInteractive, outDir }: { readonly isInteractive: boolean; readonly outDir: string | undefined },
): RunRequest {
  return {
    ...request,
    body: {
      ...request.body,
      Tty: false,
      OpenStdin: isInteractive,
      AttachStdin: isInteractive,
      StdinOnce: isInteractive,
      AttachStdout: true,
      AttachStderr: true,
    },
    name: undefined,
    cidFile: undefined,
    pull: "missing",
    isInteractive,
    hasTty: false,
    isDetached: false,
    removeAtEnd: true,
    forwardSignals: true,
    outDir,
  };
}
