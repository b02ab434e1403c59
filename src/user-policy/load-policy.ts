import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { PolicyEntry } from "../policy/index.js";
import { NmzError } from "../util/index.js";

const programPrefix = "exec:";
const replayPrefix = "replay:";

/** Whether `explorePolicy` names something to be loaded, as opposed to a built-in policy. */
export function isPolicyPath(name: string): boolean {
  return (
    name.startsWith(programPrefix) ||
    name.startsWith(replayPrefix) ||
    name.includes("/") ||
    /\.[cm]?[jt]s$/.test(name)
  );
}

/**
 * The policy in the file `path` (TypeScript or JavaScript), or the program of `exec:COMMAND`, or the recorded run of `replay:FOLDER`; relative to `folder`. Throws NMZ_POLICY_FILE_MISSING, NMZ_POLICY_FILE_SYNTAX, NMZ_POLICY_FILE_LOAD, NMZ_POLICY_FILE_EXPORT,
 * NMZ_POLICY_PROGRAM, NMZ_RUN_MISSING.
 */
export async function loadPolicy(path: string, folder: string): Promise<PolicyEntry> {
  if (path.startsWith(programPrefix)) {
    const { programPolicy } = await import("./program/program-policy.js");
    return programPolicy(path.slice(programPrefix.length), folder);
  }
  if (path.startsWith(replayPrefix)) {
    const { recordedPolicy } = await import("../replay/index.js");
    return recordedPolicy(path, resolve(folder, path.slice(replayPrefix.length)));
  }
  const file = resolve(folder, path);
  requireFile(file);
  // Loaded when it is needed: jiti holds a whole compiler.
  return (await import("./load-policy-file.js")).loadPolicyFile(file);
}

function requireFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isFile()) return;
  const what = found === undefined ? `there is no file "${file}"` : `"${file}" is no file`;
  throw new NmzError("NMZ_POLICY_FILE_MISSING", what, {
    hint: inImage()
      ? `what nmzc's own container has of the host is what is mounted: add -v ${file}:${file} to the command that starts it`
      : "the path is relative to the config file; `nmz policies new NAME` writes a policy to start from",
  });
}

/** The published image; docs/image.md. */
function inImage(): boolean {
  return process.env["NMZC_IN_IMAGE"] === "1";
}
