import {
  attachStream,
  type Control,
  type Endpoint,
  isLoopback,
  type SignalCounts,
  startHttpEndpoint,
  startProtobufEndpoint,
} from "../endpoint/index.js";
import type { UndoStack } from "../util/index.js";
import type { OrchestratorPlan } from "./run-orchestrator-plan.js";

export interface EndpointSetup {
  readonly plan: Pick<OrchestratorPlan, "restPort" | "pbPort" | "listen" | "token">;
  readonly control: Control;
  readonly signals: SignalCounts;
  readonly undo: UndoStack;
  readonly onWarning: (line: string) => void;
}

/**
 * Opens the ports that the plan names and returns a line about each. They are closed together: their clients are given
 * the same seconds. Throws NMZ_ENDPOINT_TOKEN, NMZ_ENDPOINT_PORT and NMZ_ENDPOINT_LISTEN.
 */
export async function openEndpoints(setup: EndpointSetup): Promise<readonly string[]> {
  const { plan, control, signals, undo, onWarning } = setup;
  const opened: Endpoint[] = [];
  const lines: string[] = [];
  undo.push("endpoints", async () => {
    await Promise.all(opened.map((endpoint) => endpoint.close()));
  });
  if (plan.restPort !== undefined) {
    const { listen: host, token } = plan;
    const http = await startHttpEndpoint({ control, host, port: plan.restPort, token, signals, onWarning });
    opened.push(http);
    await attachStream(http, { control });
    const whom = token === undefined ? "" : ", for whoever has the token";
    lines.push(`REST on ${http.address}/api/v3${whom}`);
  }
  if (plan.pbPort !== undefined) {
    // Its wire has no place for a token, and Namazu's agents look for it on their own host.
    const host = isLoopback(plan.listen) ? plan.listen : "127.0.0.1";
    const protobuf = await startProtobufEndpoint({ control, host, port: plan.pbPort, onWarning });
    opened.push(protobuf);
    const why = host === plan.listen ? "" : ", for this machine only: its wire has no place for a token";
    lines.push(`protobuf on ${protobuf.address}${why}`);
  }
  return lines;
}
