import type { StoredRun } from "../record/index.js";
import { NmzError } from "../util/index.js";
import type { RunRequest } from "./run-request.js";

const kind = "container";

/** A request as run.json keeps it: everything, as plain data. */
export function storedRequest(request: RunRequest): NonNullable<NonNullable<StoredRun["result"]>["repeat"]> {
  return { kind, request: { ...request, disabled: [...request.disabled] } };
}

/** Whether the run was one of a container. */
export function isContainerRun({ result }: StoredRun): boolean {
  return result?.repeat?.kind === kind;
}

/** The request of a recorded run. Throws NMZ_RUN_NOT_REPEATABLE. */
export function requestOf({ folder, result }: StoredRun): RunRequest {
  const stored = result?.repeat;
  if (stored?.kind === kind) {
    const request = stored.request as unknown as RunRequest & { readonly disabled: readonly [] };
    return { ...request, disabled: new Set(request.disabled) };
  }
  const hint = `start the workload yourself, with explorePolicy = "replay:${folder}" in its config`;
  const what =
    result === undefined
      ? "it was killed before run.json was written, so only its trace is there"
      : `it was ${result.command.join(" ")}, which runs no container`;
  throw new NmzError("NMZ_RUN_NOT_REPEATABLE", `the run in ${folder} cannot be repeated: ${what}`, { hint });
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
