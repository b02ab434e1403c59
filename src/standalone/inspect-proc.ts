import { processStartTicks } from "../../runtime/kernel/index.js";
import { cpuShare, prepareProcInspector } from "../inspector/index.js";
import { NmzError } from "../util/index.js";
import { AnswerWatch } from "./proc/answer-watch.js";
import { startCommand } from "./proc/start-command.js";
import { untilTreeEnds } from "./proc/until-tree-ends.js";
import {
  type AttachedInspector,
  type InspectorRequest,
  type InspectorSession,
  runInspector,
  type StandaloneIo,
} from "./run-inspector.js";

/** A command that is to be started, and where its output goes. */
export interface CommandRequest {
  readonly kind: "command";
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute; undefined: ours. */
  readonly stdoutFile: string | undefined;
  readonly stderrFile: string | undefined;
}

export interface ProcRequest extends InspectorRequest {
  readonly target: { readonly kind: "pid"; readonly pid: number } | CommandRequest;
  /** Between two redraws; undefined: the config's. */
  readonly watchIntervalMs: number | undefined;
}

/** `nmz inspectors proc`. The exit code is the command's. */
export function inspectProc(request: ProcRequest, io: StandaloneIo): Promise<number> {
  return runInspector({
    ...request,
    name: "proc",
    needs: new Set(["proc"]),
    io,
    attach: (session) => attach(request, session, io),
  });
}

async function attach(
  { target, entity, watchIntervalMs }: ProcRequest,
  session: InspectorSession,
  io: StandaloneIo,
): Promise<AttachedInspector> {
  const { wire, undo, onError } = session;
  if (target.kind === "pid") requireLiving(target.pid);
  const answers = new AnswerWatch(wire.transceiver);
  const prepared = await prepareProcInspector({
    watchIntervalMs: watchIntervalMs ?? wire.autopilot.container.procWatchIntervalMs,
    cpus: cpuShare(wire.autopilot.proc.cpus, wire.seed),
    needsRealtime: wire.mayUseRealtime,
    entity,
    transceiver: answers,
    undo,
    onError,
  });
  undo.push("threads of the inspector", () => prepared.dispose());
  session.interrupted.throwIfAborted();
  if (target.kind === "pid") {
    const inspector = await prepared.attach({ kind: "tree", pid: target.pid });
    return {
      inspector,
      watches: `shaking the threads of process ${target.pid} and its descendants`,
      untilEnd: () => untilTreeEnds(inspector),
    };
  }
  const command = await startCommand(target, session, io);
  const inspector = await prepared.attach({ kind: "tree", pid: command.pid });
  if (!(await answers.first())) {
    session.warn(
      "nothing has scheduled the command yet (the policy leaves threads alone, or its orchestrator is slow or away): it starts with the attributes it has",
    );
  }
  return {
    inspector,
    watches: `shaking the threads of ${target.words[0]} (process ${command.pid}) and its descendants`,
    untilEnd: () => command.run(),
    hasOwnSignals: true,
  };
}

function requireLiving(pid: number): void {
  if (processStartTicks(pid) !== undefined) return;
  throw new NmzError("NMZ_PROC_PID", `there is no process ${pid}`, {
    exitCode: 1,
    hint: "pids are those of this process's own pid namespace: ps -e shows them",
  });
}
