import { connect } from "node:net";
import { join } from "node:path";
import { runtimeFolder } from "../../journal/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import { isSupervisedRun } from "../background/last-words.js";
import { type ControlAnswer, type ControlRequest, controlSocketIn, controlVersion } from "./messages.js";

export type CrashAnswer = Exclude<ControlAnswer, { readonly error: unknown }>;

/**
 * Makes the volumes of a run crash. Throws NMZ_CRASH_OFF, NMZ_SUPERVISOR_GONE, NMZ_CONTROL, and what the run itself
 * refused it with.
 */
export async function crashRun(runId: string, keepRunning: boolean): Promise<CrashAnswer> {
  const answer = await ask(runId, { nmzControl: controlVersion, op: "crashFs", keepRunning });
  if (!("error" in answer)) return answer;
  const { code, message, hint } = answer.error;
  throw new NmzError(code, message, { exitCode: 1, ...(hint === undefined ? {} : { hint }) });
}

async function ask(runId: string, request: ControlRequest): Promise<ControlAnswer> {
  let text: string;
  try {
    text = await exchange(controlSocketIn(join(runtimeFolder, runId)), `${JSON.stringify(request)}\n`);
  } catch (error) {
    throw unreachable(error, runId);
  }
  if (!text.endsWith("\n")) throw gone(runId, new Error("it ended before it answered"));
  const answer = JSON.parse(text) as ControlAnswer;
  if (answer.nmzControl === controlVersion) return answer;
  throw new NmzError("NMZ_CONTROL", `the run ${runId} answers in version ${String(answer.nmzControl)}`, {
    exitCode: 1,
    hint: "ask with the nmzc that runs it",
  });
}

/** Everything that comes back until the other end closes. */
function exchange(path: string, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(path, () => socket.write(line));
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", reject);
    socket.on("end", () => resolve(text));
  });
}

function unreachable(error: unknown, runId: string): NmzError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") {
    return new NmzError("NMZ_CONTROL", `cannot speak to the run ${runId}: ${messageOf(error)}`, {
      exitCode: 1,
      hint: "run with sudo",
      cause: error,
    });
  }
  if (code !== "ENOENT" || !isSupervisedRun(runId)) return gone(runId, error);
  return new NmzError("NMZ_CRASH_OFF", "the container's volumes do not remember what was not synced", {
    exitCode: 1,
    hint: 'start it with "crash = true" below [fs] in its configuration (nmzc run --nmz-autopilot FILE)',
    cause: error,
  });
}

function gone(runId: string, cause: unknown): NmzError {
  return new NmzError("NMZ_SUPERVISOR_GONE", `the nmzc that supervised the run ${runId} is not there`, {
    exitCode: 1,
    hint: "`nmzc prune` removes what it left",
    cause,
  });
}
