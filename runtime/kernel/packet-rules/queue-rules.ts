import { readFileSync } from "node:fs";
import { inNetns } from "../netns/index.js";
import { type CommandResult, startProgram, startSave } from "./restore-command.js";
import type { IpVersion } from "./rule-text.js";

/**
 * Whether any rule of the namespace leads packets to the queue, whoever wrote it: iptables of either flavour, ip6tables, or
 * nft itself. A program that is not installed has no rules.
 */
export async function hasQueueRule(netnsPath: string, queueNumber: number): Promise<boolean> {
  const listings = inNetns(netnsPath, () => [
    ...([4, 6] as const).flatMap((version) => savesOf(version)),
    startProgram("nft", ["list", "ruleset"], ""),
  ]);
  return (await Promise.all(listings)).some(({ stdout }) => leadsTo(stdout, queueNumber));
}

/** Asking for legacy tables makes them, and nft then warns of them for ever: only those that are there are asked for. */
function savesOf(version: IpVersion): Promise<CommandResult>[] {
  const nft = startSave("-nft", version, "all");
  if (!hasLegacyTables(version)) return [nft];
  return [nft, startSave("-legacy", version, "all"), startSave("", version, "all")];
}

/** In the namespace that the calling thread is in at this moment. */
function hasLegacyTables(version: IpVersion): boolean {
  const names = `/proc/thread-self/net/${version === 4 ? "ip" : "ip6"}_tables_names`;
  try {
    return readFileSync(names, "latin1") !== "";
  } catch {
    return false;
  }
}

/**
 * True when a line of `listing` (iptables-save or nft) has the queue as its target: `--queue-num 42`, `--queue-balance
 * 40:43`, `queue num 42`, `queue flags bypass to 40-43`.
 */
export function leadsTo(listing: string, queueNumber: number): boolean {
  const targets = /(?:--queue-(?:num|balance)|\bqueue\b[^\n]*?\b(?:num|to))\s+(\d+)(?:[:-](\d+))?/g;
  return [...listing.matchAll(targets)].some(([, first, last]) => {
    const from = Number(first);
    return from <= queueNumber && queueNumber <= Number(last ?? from);
  });
}
