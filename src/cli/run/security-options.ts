import { resolve } from "node:path";
import type { HostConfig } from "../../../runtime/engine/index.js";
import { messageOf } from "../../util/index.js";
import type { RunSurroundings } from "./run-draft.js";

/**
 * One `--security-opt`. As docker's command line does: a seccomp profile is read here and sent as its content, and
 * systempaths=unconfined becomes two empty lists.
 */
export function applySecurityOption(text: string, host: HostConfig, surroundings: RunSurroundings): void {
  if (text === "systempaths=unconfined") {
    host.MaskedPaths = [];
    host.ReadonlyPaths = [];
    return;
  }
  const { key, value } = cutOption(text);
  if (value === "" && key !== "no-new-privileges") throw new Error(`invalid --security-opt: "${text}"`);
  const file = seccompFile(text);
  host.SecurityOpt = [
    ...(host.SecurityOpt ?? []),
    file === undefined ? text : `seccomp=${readProfile(file, surroundings)}`,
  ];
}

/** The file of `seccomp=FILE`; undefined for every other option. */
export function seccompFile(text: string): string | undefined {
  const { key, value } = cutOption(text);
  return key === "seccomp" && value !== "builtin" && value !== "unconfined" ? value : undefined;
}

function cutOption(text: string): { readonly key: string; readonly value: string } {
  const separator = text.includes("=") || text === "no-new-privileges" ? "=" : ":";
  const cut = text.indexOf(separator);
  return cut < 0 ? { key: text, value: "" } : { key: text.slice(0, cut), value: text.slice(cut + 1) };
}

function readProfile(path: string, surroundings: RunSurroundings): string {
  let text: string;
  try {
    text = surroundings.readFile(resolve(surroundings.cwd, path)).toString("utf8");
  } catch (error) {
    throw new Error(`opening seccomp profile (${path}) failed: ${messageOf(error)}`);
  }
  try {
    return JSON.stringify(JSON.parse(text));
  } catch (error) {
    throw new Error(`compacting json for seccomp profile (${path}) failed: ${messageOf(error)}`);
  }
}
