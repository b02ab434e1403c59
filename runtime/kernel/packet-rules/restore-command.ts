import { spawn } from "node:child_process";
import type { IpVersion } from "./rule-text.js";

/** Flavours of iptables, the preferred first. The plain name is whatever the machine's administrator chose. */
export const flavours = ["-nft", "-legacy", ""] as const;
export type Flavour = (typeof flavours)[number];

export interface CommandResult {
  readonly isAbsent: boolean;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function restoreCommand(flavour: Flavour, version: IpVersion): string {
  return `${version === 4 ? "iptables" : "ip6tables"}${flavour}-restore`;
}

/** Writes `text` to the tables of the namespace that the calling thread is in at this moment. */
export function startRestore(flavour: Flavour, version: IpVersion, text: string): Promise<CommandResult> {
  return start(restoreCommand(flavour, version), ["-w", "5", "--noflush"], text);
}

export function startSave(
  flavour: Flavour,
  version: IpVersion,
  table: "mangle" | "all" = "mangle",
): Promise<CommandResult> {
  const words = table === "all" ? [] : ["-t", table];
  return start(`${version === 4 ? "iptables" : "ip6tables"}${flavour}-save`, words, "");
}

/** Any program that lists rules, as the others. */
export function startProgram(
  command: string,
  args: readonly string[],
  input: string,
): Promise<CommandResult> {
  return start(command, args, input);
}

export function startVersion(flavour: Flavour, version: IpVersion): Promise<CommandResult> {
  return start(restoreCommand(flavour, version), ["--version"], "");
}

// Not spawnSync: the fork happens within spawn(), so the child is in the namespace of this moment, and IPv4 and IPv6
// then run side by side while the main thread goes on.
function start(command: string, args: readonly string[], input: string): Promise<CommandResult> {
  const path = `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`;
  const child = spawn(command, args, { env: { ...process.env, PATH: path }, stdio: "pipe" });
  return new Promise((resolve) => {
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin.on("error", () => {}); // it ended before it read: its exit code says so
    child.on("error", (error: NodeJS.ErrnoException) => {
      resolve({ isAbsent: error.code === "ENOENT", exitCode: null, stdout, stderr: error.message });
    });
    child.on("close", (exitCode) => resolve({ isAbsent: false, exitCode, stdout, stderr: stderr.trim() }));
    child.stdin.end(input);
  });
}

/** One line on why it failed. */
export function reasonOf(result: CommandResult, flavour: Flavour, version: IpVersion): string {
  const command = restoreCommand(flavour, version);
  if (result.isAbsent) return `${command} is not installed`;
  return `${command}: ${result.stderr.split("\n")[0] || `exit code ${result.exitCode}`}`;
}
