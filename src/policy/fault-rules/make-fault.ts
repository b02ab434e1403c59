import type { FaultRule } from "../../config/index.js";
import {
  type Action,
  type Event,
  type FilesystemFault,
  FilesystemFaultAction,
  type PacketFault,
  PacketFaultAction,
  type ProcessFault,
  ProcFaultAction,
  ProcSetSchedAction,
} from "../../signal/index.js";
import type { Random } from "../../util/index.js";

/** What a rule does to one event: another action, or so much more delay. */
export type Verdict = { readonly addedMs: number } | { answerFor(event: Event, action: Action): Action };

/** Everything that is left to chance is drawn here, always in the same order. */
export function verdictOf(rule: FaultRule, random: Random): Verdict {
  if (rule.fault === "delay" || rule.fault === "slow-fsync")
    return { addedMs: rule.settings["by"] as number };
  if (rule.on === "packets") {
    const fault = packetFault(rule, random);
    return { answerFor: (event) => new PacketFaultAction(event, fault) };
  }
  if (rule.on === "files") {
    const fault = filesystemFault(rule, random);
    return { answerFor: (event) => new FilesystemFaultAction(event, fault) };
  }
  const fault = processFault(rule, random);
  return {
    answerFor: (event, action) =>
      new ProcFaultAction(event, fault, action instanceof ProcSetSchedAction ? action.attributes : {}),
  };
}

function packetFault({ fault, settings }: FaultRule, random: Random): PacketFault {
  const number = (name: string): number => settings[name] as number;
  if (fault === "duplicate") return { kind: "duplicate", copies: number("copies") };
  if (fault === "reorder") return { kind: "reorder", packets: number("packets"), withinMs: number("within") };
  if (fault === "reject") return { kind: "reject" };
  if (fault !== "corrupt") return { kind: "drop" };
  const checksum = settings["checksum"] as "right" | "wrong";
  return { kind: "corrupt", place: random.next(), bits: number("bits"), checksum };
}

function filesystemFault({ fault, settings }: FaultRule, random: Random): FilesystemFault {
  const place = random.next();
  const share = (settings["share"] as number | undefined) ?? place;
  if (fault === "short-read" || fault === "short-write") return { kind: "short", share };
  if (fault === "torn-write") return { kind: "torn", share };
  if (fault === "bit-flip") return { kind: "bit-flip", place };
  if (fault === "listing") {
    const order = settings["order"] as "shuffled";
    return { kind: "listing", order, seed: random.integer(0, 0xffff_ffff) };
  }
  return { kind: "errno", errno: fault === "error" ? (settings["errno"] as string) : fault };
}

function processFault({ fault, settings, process }: FaultRule, random: Random): ProcessFault {
  const chosen = { process, place: random.next() };
  if (fault === "pause") return { kind: "pause", forMs: settings["for"] as number, ...chosen };
  if (fault === "restart") return { kind: "restart", downMs: settings["down"] as number, ...chosen };
  if (fault === "kill") return { kind: "kill", signal: settings["signal"] as string, ...chosen };
  return { kind: "affinity", cpus: settings["cpus"] as number, cpuPlace: random.next(), ...chosen };
}
