import { randomBytes } from "node:crypto";
import type { LoadedAutopilot } from "../../config/index.js";
import type { PolicyEntry } from "../../policy/index.js";
import { loadAutopilotWithPolicy } from "../../user-policy/index.js";
import { NmzError, newSeed } from "../../util/index.js";

/** The flags that all inspectors share. */
export interface WireRequest {
  /** `local://`, or an orchestrator's `http://host:port/api/v3`. */
  readonly orchestratorUrl: string;
  /** Bearer token of an orchestrator elsewhere. */
  readonly token: string | undefined;
  /** Absolute; with `local://` only, as are seed and outDir. */
  readonly autopilotFile: string | undefined;
  readonly seed: string | undefined;
  readonly outDir: string | undefined;
  /** Who decides in a replay, instead of what `autopilotFile` says. */
  readonly recorded?: Pick<WirePlan, "loaded" | "policies">;
}

/** A request with everything decided that needs no machine. */
export interface WirePlan {
  readonly runId: string;
  /** Undefined: the orchestrator decides. */
  readonly url: URL | undefined;
  readonly token: string | undefined;
  readonly seed: string;
  /** With an orchestrator elsewhere the defaults, of which an inspector reads its own part (hooks, drivers). */
  readonly loaded: LoadedAutopilot;
  /** What `explorePolicy` may name, the user's own policy included. */
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  readonly outDir: string | undefined;
}

const localUrl = "local://";

/** Throws NMZ_WIRE_URL, NMZ_WIRE_LOCAL_ONLY and what is wrong with the config or its policy. */
export async function planWire(request: WireRequest): Promise<WirePlan> {
  const { orchestratorUrl, token, autopilotFile, outDir } = request;
  const url = orchestratorUrl === localUrl ? undefined : remoteUrl(orchestratorUrl);
  if (url !== undefined) refuseLocalFlags(request);
  return {
    runId: randomBytes(6).toString("hex"),
    url,
    token,
    seed: request.seed ?? newSeed(),
    ...(request.recorded ?? (await loadAutopilotWithPolicy(autopilotFile))),
    outDir,
  };
}

function remoteUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== "") return url;
  throw new NmzError("NMZ_WIRE_URL", `"${text}" is no orchestrator's URL`, {
    exitCode: 1,
    hint: 'write "local://" or "http://HOST:PORT/api/v3"',
  });
}

/** They belong to the orchestrator, which is elsewhere and has its own. */
function refuseLocalFlags({ orchestratorUrl, autopilotFile, seed, outDir }: WireRequest): void {
  const flags = Object.entries({ autopilot: autopilotFile, seed, "nmz-out": outDir });
  const [flag] = flags.find(([, value]) => value !== undefined) ?? [];
  if (flag === undefined) return;
  throw new NmzError(
    "NMZ_WIRE_LOCAL_ONLY",
    `--${flag} is for an orchestrator in this process, and ${orchestratorUrl} is another`,
    { exitCode: 1, hint: `give --${flag} to nmz orchestrator there, or leave --orchestrator-url out` },
  );
}
