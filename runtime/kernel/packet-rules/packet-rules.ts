import { existsSync } from "node:fs";
import { inNetns, isHostNetns } from "../netns/index.js";
import {
  type Flavour,
  flavours,
  reasonOf,
  restoreCommand,
  startRestore,
  startSave,
  startVersion,
} from "./restore-command.js";
import { type IpVersion, installText, type PacketRules, removeText, undoText } from "./rule-text.js";

export interface InstallOptions extends PacketRules {
  readonly netnsPath: string;
  /** Allows the namespace that this process or pid 1 lives in. */
  readonly allowHost?: boolean;
}

/** What is in place, and for an IP version that is not, why. */
export interface InstalledRules {
  /** The command that wrote them: "iptables-nft-restore". */
  readonly iptables: string;
  readonly v4: string | undefined;
  readonly v6: string | undefined;
}

export class PacketRulesError extends Error {
  /** What to do about it. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "PacketRulesError";
    this.hint = hint;
  }
}

let workingFlavour: Flavour | undefined;

/**
 * Leads the packets of a namespace to a queue that is bound already. IPv4 must succeed; where IPv6 cannot be
 * done the result says why. By the time this returns (before its promise resolves) the processes run inside the
 * namespace. Rejects with PacketRulesError.
 */
export async function installPacketRules(options: InstallOptions): Promise<InstalledRules> {
  if (options.allowHost !== true && isHostNetns(options.netnsPath)) {
    throw new PacketRulesError(
      `${options.netnsPath} is the network of this machine: no rule is put there`,
      "give the container a network of its own (--network bridge)",
    );
  }
  const failures: string[] = [];
  for (const flavour of workingFlavour === undefined ? flavours : [workingFlavour]) {
    const [v4, v6] = await inBoth(options.netnsPath, (version) =>
      startRestore(flavour, version, installText(options, version)),
    );
    if (v4.exitCode === 0) {
      workingFlavour = flavour;
      return {
        iptables: restoreCommand(flavour, 4),
        v4: undefined,
        v6: v6.exitCode === 0 ? undefined : reasonOf(v6, flavour, 6),
      };
    }
    failures.push(reasonOf(v4, flavour, 4));
    if (v6.exitCode === 0) await removePacketRules(options);
  }
  throw new PacketRulesError(
    `no NFQUEUE rule could be put into ${options.netnsPath}: ${failures.join("; ")}`,
    "install iptables, and a kernel with CONFIG_NETFILTER_XT_TARGET_NFQUEUE (modprobe xt_NFQUEUE)",
  );
}

/**
 * Pays beforehand for what is slow the first time: loading the commands, forking, entering a namespace. Attaching
 * races a container's first packet, and this can be done while the container is still being created.
 */
export async function warmUpPacketRules(): Promise<void> {
  await inBoth("/proc/self/ns/net", (version) => startVersion(flavours[0], version));
}

export interface RemoveOptions {
  readonly netnsPath: string;
  readonly queueNumber: number;
  /** What `installPacketRules` was given, when the caller knows: then nothing has to be looked up. */
  readonly directions?: readonly ("output" | "input")[];
}

/**
 * Takes the chain of `queueNumber` and the jumps to it away, whichever flavour of iptables they were written with.
 * Nothing to do when they, or the namespace, are gone. Rejects with PacketRulesError when they stay.
 */
export async function removePacketRules(options: RemoveOptions): Promise<void> {
  const { netnsPath, queueNumber, directions } = options;
  if (!existsSync(netnsPath)) return;
  if (workingFlavour !== undefined && directions !== undefined) {
    const flavour = workingFlavour;
    const results = await inBoth(netnsPath, (version) =>
      startRestore(flavour, version, undoText(queueNumber, directions)),
    );
    if (results.every(({ exitCode }) => exitCode === 0)) return;
  }
  for (const flavour of workingFlavour === undefined ? (["-nft", "-legacy"] as const) : [workingFlavour]) {
    await removeWhatIsThere(netnsPath, queueNumber, flavour);
  }
}

async function removeWhatIsThere(netnsPath: string, queueNumber: number, flavour: Flavour): Promise<void> {
  const saved = await inBoth(netnsPath, (version) => startSave(flavour, version));
  const texts = saved.map(({ stdout }) => removeText(queueNumber, stdout));
  const results = await inBoth(netnsPath, (version) => {
    const text = texts[version === 4 ? 0 : 1]!;
    return text === "" ? undefined : startRestore(flavour, version, text);
  });
  for (const [index, result] of results.entries()) {
    if (result === undefined || result.exitCode === 0) continue;
    throw new PacketRulesError(
      `the rules for queue ${queueNumber} stay in ${netnsPath}: ${reasonOf(result, flavour, index === 0 ? 4 : 6)}`,
      `nsenter --net=${netnsPath} iptables${flavour} -t mangle -F`,
    );
  }
}

function inBoth<T>(netnsPath: string, start: (version: IpVersion) => T): Promise<[Awaited<T>, Awaited<T>]> {
  const [v4, v6] = inNetns(netnsPath, () => [start(4), start(6)] as const);
  return Promise.all([v4, v6]);
}
