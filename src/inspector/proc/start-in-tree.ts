import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import {
  endProcessTree,
  hasTimeNamespaces,
  processStartTicks,
  sharesNamespace,
  wordsIntoTimeNamespace,
} from "../../../runtime/kernel/index.js";
import type { UndoStack } from "../../util/index.js";
import { closeOutput, type RestartRequest } from "./restarts.js";

/**
 * Starts a program as a child of ours, where there is no container. It belongs to the tree from its first moment on
 * (`adopt`), and ends with the run: neither its old parent nor anybody else would end it.
 */
export async function startInTree(
  request: RestartRequest,
  treePid: number,
  undo: UndoStack,
  adopt: (pid: number) => void,
): Promise<void> {
  const child = await spawned(request, treePid).finally(() => closeOutput(request));
  const pid = child.pid!;
  const startTicks = processStartTicks(pid);
  if (startTicks === undefined) return; // it has ended already
  const started = { pid, startTicks };
  const end = undo.push(`process ${pid}, which was started again`, () => endProcessTree(started), {
    kind: "started-process",
    ...started,
  });
  child.once("exit", () => void end()); // or restarts without end would fill the journal
  adopt(pid);
}

async function spawned(
  { file, words, env, cwd, uid, gid, stdout, stderr }: RestartRequest,
  treePid: number,
): Promise<ChildProcess> {
  if (!["mnt", "pid"].every((kind) => sharesNamespace(treePid, process.pid, kind))) {
    throw new Error("the processes live in other namespaces than this one");
  }
  const user = uid === process.getuid?.() && gid === process.getgid?.() ? undefined : { uid, gid };
  const options: SpawnOptions = {
    env,
    cwd,
    stdio: ["ignore", stdout ?? "ignore", stderr ?? "ignore"],
    detached: true,
  };
  const hasOurClocks = !hasTimeNamespaces() || sharesNamespace(treePid, process.pid, "time");
  const [enter, ...entry] = wordsIntoTimeNamespace(`/proc/${treePid}/ns/time`, user);
  const child = hasOurClocks
    ? spawn(file, words.slice(1), { argv0: words[0]!, ...options, ...user })
    : spawn(enter, [...entry, ...wordsWithName(file, words)], options); // who enters must be root until then
  await once(child, "spawn");
  child.unref();
  return child;
}

const perl = "/usr/bin/perl";

/** nsenter(1) names a program by its file; perl(1), which is on nearly every system, can give it the name that it had. */
function wordsWithName(file: string, words: readonly string[]): readonly string[] {
  if (words[0] === file || !existsSync(perl)) return [file, ...words.slice(1)];
  return [perl, "-e", "exec {shift} @ARGV or die $!", file, ...words];
}
