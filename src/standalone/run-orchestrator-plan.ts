import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Autopilot } from "../config/index.js";
import type { PolicyEntry } from "../policy/index.js";
import { loadAutopilotWithPolicy } from "../user-policy/index.js";
import { messageOf, NmzError, newSeed } from "../util/index.js";

/** What the command line asks for; files are absolute. */
export interface OrchestratorRequest {
  /** Undefined: the defaults, and REST on its usual port. */
  readonly configFile: string | undefined;
  /** Instead of the config's: negative is off, 0 any free one. */
  readonly restPort: number | undefined;
  readonly pbPort: number | undefined;
  /** An address of this machine. */
  readonly listen: string;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly seed: string | undefined;
  readonly outDir: string | undefined;
}

/** A request with everything decided that opens nothing. */
export interface OrchestratorPlan {
  readonly runId: string;
  readonly seed: string;
  readonly autopilot: Autopilot;
  /** What `autopilot.explorePolicy` may name, the user's own policy included. */
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  readonly warnings: readonly string[];
  /** Undefined: off. */
  readonly restPort: number | undefined;
  readonly pbPort: number | undefined;
  readonly listen: string;
  readonly token: string | undefined;
  readonly outDir: string | undefined;
}

/** Where Namazu's inspectors look for an orchestrator. */
const usualRestPort = 10_080;

/** Throws what is wrong with the config or its policy, NMZ_ORCHESTRATOR_PORTS and NMZ_ORCHESTRATOR_TOKEN_FILE. */
export async function planOrchestrator(request: OrchestratorRequest): Promise<OrchestratorPlan> {
  const { configFile, listen, outDir } = request;
  const { loaded, policies } = await loadAutopilotWithPolicy(configFile);
  const { autopilot, warnings } = loaded;
  const configured = configFile === undefined ? usualRestPort : autopilot.restPort;
  const restPort = portOf(request.restPort ?? configured);
  const pbPort = portOf(request.pbPort ?? autopilot.pbPort);
  if (restPort === undefined && pbPort === undefined) {
    throw new NmzError(
      "NMZ_ORCHESTRATOR_PORTS",
      "both ports are off: no inspector could reach the orchestrator",
      {
        hint:
          configFile === undefined
            ? "leave --rest-port out, or give --pb-port a port"
            : `set restPort or pbPort in ${configFile}, or give --rest-port ${usualRestPort}`,
        exitCode: 1,
      },
    );
  }
  return {
    runId: randomBytes(6).toString("hex"),
    seed: request.seed ?? newSeed(),
    autopilot,
    policies,
    warnings,
    restPort,
    pbPort,
    listen,
    token: tokenOf(request),
    outDir,
  };
}

function portOf(port: number): number | undefined {
  return port < 0 ? undefined : port;
}

/**
 * What clients must bring; of a file its first line, which is what `openssl rand -hex 16 > file` leaves there. Throws
 * NMZ_ORCHESTRATOR_TOKEN_FILE.
 */
export function tokenOf({
  token,
  tokenFile,
}: Pick<OrchestratorRequest, "token" | "tokenFile">): string | undefined {
  if (tokenFile === undefined) return token;
  try {
    return readFileSync(tokenFile, "utf8").split("\n", 1)[0]!.trim();
  } catch (error) {
    throw new NmzError("NMZ_ORCHESTRATOR_TOKEN_FILE", `cannot read the token file: ${messageOf(error)}`, {
      hint: "make one with: (umask 077; openssl rand -hex 16 > FILE)",
      cause: error,
      exitCode: 1,
    });
  }
}
