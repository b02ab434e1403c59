import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { constants as system } from "node:os";
import { join } from "node:path";
import { endProcessTree, processStartTicks } from "../../runtime/kernel/procfs/index.js";
import { messageOf } from "../util/index.js";

/** Where a script of an experiment runs. */
export interface ScriptPlace {
  readonly materials: string;
  /** The run's folder; `init` has none. */
  readonly workingDir: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface ScriptEnd {
  /** 128 + the signal's number where one ended it. */
  readonly exitCode: number;
  /** As the original's log has it: "exit status 1". Undefined: it succeeded. */
  readonly problem: string | undefined;
}

// Ours, and those of the time when the original was called Earthquake.
const prefixes = ["NMZ", "EQ"] as const;

/** What scripts and ShellActions find in their environment. */
export function scriptEnvironment({ materials, workingDir, env }: ScriptPlace): NodeJS.ProcessEnv {
  const folders: [string, string][] = [["MATERIALS_DIR", materials]];
  if (workingDir !== undefined) folders.push(["WORKING_DIR", workingDir]);
  const named = folders.flatMap(([name, path]) => prefixes.map((prefix) => [`${prefix}_${name}`, path]));
  return { ...env, ...Object.fromEntries(named) };
}

/** The words of the log: what `sh -c` is given. A path that a shell would split is quoted; what follows may be arguments. */
export function commandOf(materials: string, script: string): string {
  const isPlain = /^[\w./@%+=:,-]*$/.test(materials);
  return `${isPlain ? materials : `'${materials.replaceAll("'", "'\\''")}'`}/${script}`;
}

/**
 * Why a script cannot be started: it is missing, no file, or not executable. Undefined: it can, or its name is one that only a
 * shell understands.
 */
export function scriptProblem(materials: string, script: string): string | undefined {
  const [name] = /^[\w./@%+=:,-]+(?=\s|$)/.exec(script) ?? [];
  if (name === undefined) return undefined;
  const file = join(materials, name);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return `there is no "${file}"`;
  if (!stats.isFile()) return `"${file}" is no file`;
  try {
    accessSync(file, constants.X_OK);
    return undefined;
  } catch {
    return `"${file}" is not executable`;
  }
}

// The original's limit of open files, for whatever the scripts start.
const fileLimit = 999_999;

/** True when scripts may be given the original's limit of open files. */
export function canRaiseFileLimit(): boolean {
  return spawnSync("sh", ["-c", `ulimit -n ${fileLimit}`], { stdio: "ignore" }).status === 0;
}

// The shell steps aside for it. A signal to the whole group (Ctrl-C, timeout) would end a shell that waits at once, and a script
// that takes its time to end, or ignores the signal, would go on unseen beside `clean`.
const isOneCommand = /^'?[\w./@%+=:, -]+'?[\w./@%+=:, -]*$/;

const ownEndMs = 1000;
const killAfterMs = 5000;

/**
 * Runs a script as the original does: `sh -c`, our streams but for stdin, our folder and process group, so that Ctrl-C
 * reaches it too. When `abort` comes it has a second to end by itself, then SIGTERM goes to all that descend from it,
 * and five seconds later SIGKILL.
 */
export async function runScript(
  command: string,
  place: ScriptPlace,
  options: { readonly abort?: AbortSignal; readonly raisesFileLimit?: boolean } = {},
): Promise<ScriptEnd> {
  const limited = options.raisesFileLimit === true ? `ulimit -n ${fileLimit}; ` : "";
  const words = `${limited}${isOneCommand.test(command) ? "exec " : ""}${command}`;
  const child = spawn("sh", ["-c", words], {
    stdio: ["ignore", "inherit", "inherit"],
    env: scriptEnvironment(place),
    cwd: place.cwd,
  });
  const timers: NodeJS.Timeout[] = [];
  const startTicks = child.pid === undefined ? undefined : processStartTicks(child.pid);
  const onAbort = (): void => {
    timers.push(setTimeout(() => endTree(child, startTicks, "SIGTERM"), ownEndMs));
    timers.push(setTimeout(() => endTree(child, startTicks, "SIGKILL"), ownEndMs + killAfterMs));
  };
  if (options.abort?.aborted) onAbort();
  else options.abort?.addEventListener("abort", onAbort, { once: true });
  try {
    return await endOf(child);
  } finally {
    options.abort?.removeEventListener("abort", onAbort);
    for (const timer of timers) clearTimeout(timer);
  }
}

function endTree({ pid }: ChildProcess, startTicks: number | undefined, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid !== undefined && startTicks !== undefined) endProcessTree({ pid, startTicks }, signal);
}

function endOf(child: ChildProcess): Promise<ScriptEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ exitCode: 126, problem: messageOf(error) }));
    child.once("exit", (code, signal) => {
      if (signal !== null) {
        resolve({ exitCode: 128 + system.signals[signal], problem: `signal: ${signal}` });
      } else {
        resolve({ exitCode: code ?? 0, problem: code === 0 ? undefined : `exit status ${code}` });
      }
    });
  });
}
