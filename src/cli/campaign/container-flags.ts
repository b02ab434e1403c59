import type { RunRequest } from "../../container/run-request.js";
import { NmzError } from "../../util/index.js";
import { type FlagSection, refusedFlag } from "../flags/index.js";
import { type RunDraft, runFlagSections } from "../run/index.js";
import { isWritableBind } from "./run-words.js";

/** Flags of `run` that mean nothing, or something else, for many runs. */
const refusals: Readonly<Record<string, string>> = {
  interactive: "the runs of a campaign have no stdin: leave -i out, or redirect a file inside the command",
  tty: "the runs of a campaign have no terminal, and their output is kept: leave -t out",
  detach: "the loop waits for its runs: put nmzc loop itself into the background",
  "detach-keys": "the runs of a campaign have no terminal",
  "sig-proxy": "signals are the loop's: Ctrl-C lets runs finish",
  cidfile: "each run has a container of its own",
  "nmz-seed":
    "each run has a seed of its own, derived from --seed; to repeat one: nmzc run --nmz-seed, nmzc replay --times",
  "nmz-out": "each run's record lies in the campaign's folder: --out",
};

/** The flags of `run`, as a loop takes them. */
export const loopedRunSections: readonly FlagSection<RunDraft>[] = runFlagSections.map(
  ({ title, flags }) => ({
    title: title === "Basic" ? "Containers" : title,
    flags: flags.map((flag) => {
      const refusal = refusals[flag.name];
      const { apply: _, ...info } = flag;
      return refusal === undefined ? flag : refusedFlag<RunDraft>({ ...info, refusal });
    }),
  }),
);

/** What cannot be done many times, or several times at once. Throws NMZ_CLI_FLAG_REFUSED. */
export function checkLoopedRun(request: RunRequest, jobs: number): void {
  const refuse = (what: string, hint: string): never => {
    throw new NmzError("NMZ_CLI_FLAG_REFUSED", what, { hint });
  };
  if (jobs === 1) return;
  const { name, body } = request;
  if (name !== undefined) {
    refuse(
      `--name ${name} is not possible with --jobs ${jobs}`,
      "leave it out: two containers cannot have one name",
    );
  }
  const bound = Object.values(body.HostConfig.PortBindings ?? {}).flatMap((bindings) => bindings ?? []);
  if (bound.some(({ HostPort }) => HostPort !== undefined && HostPort !== "" && HostPort !== "0")) {
    refuse(
      `--publish with a port of the host is not possible with --jobs ${jobs}`,
      "name the container's port alone: the engine picks a free one for each run",
    );
  }
  const endpoints = Object.values(body.NetworkingConfig?.EndpointsConfig ?? {});
  if (body.MacAddress !== undefined || endpoints.some((each) => each.IPAMConfig !== undefined)) {
    refuse(
      `an address of its own is not possible with --jobs ${jobs}`,
      "leave --ip, --ip6 and --mac-address out",
    );
  }
}

/** What the user should hear before the runs begin; undefined: nothing. */
export function sharedVolumesWarning(request: RunRequest, jobs: number): string | undefined {
  const shared = request.volumes.filter(isWritableBind).map(({ source }) => source);
  if (jobs === 1 || shared.length === 0) return undefined;
  return `${jobs} runs at a time write to ${[...new Set(shared)].join(", ")}: they may disturb each other, and result files there are not read, because nobody knows whose they are; --copy-volumes gives each run its own`;
}
