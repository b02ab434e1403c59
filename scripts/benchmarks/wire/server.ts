import { attachStream, startHttpEndpoint, startProtobufEndpoint } from "../../../src/endpoint/index.js";
import { Orchestrator } from "../../../src/orchestrator/index.js";
import { createPolicy } from "../../../src/policy/index.js";
import { serveRequests } from "./child-process.js";
import type { ServerMemory, ServerPorts } from "./messages.js";

/** The orchestrator with every endpoint and a policy that answers at once. */
async function start(): Promise<ServerPorts> {
  const onWarning = (line: string) => process.stderr.write(`${line}\n`);
  const control = new Orchestrator({
    seed: "bench",
    cpuCount: 2,
    createPolicy: (context) => createPolicy("dumb", {}, context),
    onError: (error) => onWarning(String(error)),
  });
  const http = await startHttpEndpoint({ control, host: "127.0.0.1", port: 0, onWarning });
  await attachStream(http, { control });
  const pb = await startProtobufEndpoint({ control, host: "127.0.0.1", port: 0, onWarning });
  return { http: http.port, pb: pb.port };
}

function memory(): ServerMemory {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + external, residentBytes: rss };
}

const ports = start();
serveRequests((request) => ((request as { what: string }).what === "memory" ? memory() : ports));
