import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { vi } from "vitest";
import { defaultAutopilot } from "../../../src/config/index.js";
import { type StartedSyslogInspector, startSyslogInspector } from "../../../src/inspector/index.js";
import { type Orchestrator, openOrchestrator } from "../../../src/orchestrator/index.js";
import { definePolicy, type PolicyEntry, policies } from "../../../src/policy/index.js";
import { type Action, LogEvent } from "../../../src/signal/index.js";
import { LocalTransceiver } from "../../../src/transceiver/index.js";
import { UndoStack } from "../../../src/util/index.js";

export const run = promisify(execFile);

/** Ends with the test, whatever the machine is busy with. */
export const patience = { timeout: 20_000, interval: 20 };

export interface LogRig {
  readonly inspector: StartedSyslogInspector;
  readonly orchestrator: Orchestrator;
  /** The options of all log lines that the orchestrator has answered. */
  readonly lines: LogEvent["option"][];
  readonly warnings: string[];
  readonly undo: UndoStack;
  /** The first line whose message has this in it, once it is there. */
  line(part: string): Promise<LogEvent["option"]>;
}

const acceptAll = definePolicy({ name: "accept-all", create: () => ({ onEvent: () => undefined }) });

/** The whole path of a log line: inspector, local wire, orchestrator, a policy of the test's own. */
export async function startLogs(
  policy: PolicyEntry = acceptAll,
  options: Partial<Parameters<typeof startSyslogInspector>[0]> = {},
): Promise<LogRig> {
  const undo = new UndoStack();
  const lines: LogEvent["option"][] = [];
  const warnings: string[] = [];
  const { autopilot } = defaultAutopilot(policies);
  const orchestrator = openOrchestrator(
    {
      autopilot: { ...autopilot, explorePolicy: policy.name, explorePolicyParam: {} },
      policies: new Map([[policy.name, policy]]),
      run: "test",
      seed: "test",
      observer: {
        onAction: ({ event }: Action) => {
          if (event instanceof LogEvent) lines.push(event.option);
        },
      },
      onWarning: (line) => warnings.push(line),
    },
    undo,
  );
  const inspector = await startSyslogInspector({
    host: "127.0.0.1",
    udpPort: 0,
    tcpPort: 0,
    entity: "logs",
    transceiver: new LocalTransceiver(orchestrator),
    undo,
    onError: (error) => warnings.push(String(error)),
    ...options,
  });
  const line = (part: string) =>
    vi.waitFor(() => {
      const found = lines.find(({ message }) => String(message).includes(part));
      if (found === undefined) throw new Error(`no line says ${part}: ${JSON.stringify(lines)}`);
      return found;
    }, patience);
  return { inspector, orchestrator, lines, warnings, undo, line };
}
