import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Everything nmzc could leave behind, as text, so that two moments can be compared with `toEqual`. */
export interface MachineState {
  readonly mounts: readonly string[];
  readonly runFolder: readonly string[];
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
  readonly hostRules: readonly string[];
  readonly realtimeGroups: readonly string[];
  readonly processes: readonly string[];
}

export function machineState(): MachineState {
  return {
    mounts: readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .filter((line) => line.includes(" /run/nmzc/")),
    runFolder: existsSync("/run/nmzc") ? readdirSync("/run/nmzc").sort() : [],
    containers: lines("docker", ["ps", "-aq", "--filter", "label=nmzc.run"]),
    volumes: lines("docker", ["volume", "ls", "-q"]),
    hostRules: [...rules("iptables-save"), ...rules("ip6tables-save")],
    realtimeGroups: realtimeGroups(),
    processes: nmzcProcesses(),
  };
}

function lines(command: string, args: readonly string[]): string[] {
  return execFileSync(command, args, { encoding: "utf8" }).split("\n").filter(Boolean).sort();
}

/** Packet counters and comments with dates are not rules. */
function rules(command: string): string[] {
  return lines(command, [])
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.replace(/\[\d+:\d+\]/, ""));
}

function realtimeGroups(): string[] {
  const files = ["/sys/fs/cgroup/cpu/cpu.rt_runtime_us", "/sys/fs/cgroup/cpu/docker/cpu.rt_runtime_us"];
  return files
    .filter((file) => existsSync(file))
    .map((file) => `${file} ${readFileSync(file, "utf8").trim()}`);
}

function nmzcProcesses(): string[] {
  const found: string[] = [];
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (command.some((word) => /^\S*dist\/bin\/nmzc?(-supervisor)?\.js$/.test(word)))
        found.push(command.join(" "));
    } catch {
      // It ended between the listing and the look.
    }
  }
  return found.sort();
}
