import { closeSync, openSync, readFileSync } from "node:fs";
import {
  inNetns,
  installPacketRules,
  netnsIdentity,
  openPacketInjector,
  type PacketQueue,
  type PacketRuleMatch,
  type PreparedPacketQueue,
  preparePacketQueue,
  QueueTakenError,
  removePacketRules,
  type TcpPeer,
  warmUpPacketRules,
} from "../../../runtime/kernel/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import { NmzError, type UndoStack } from "../../util/index.js";
import type { Inspector } from "../inspector.js";
import { ethernetError } from "./ethernet-error.js";
import { EthernetInspector } from "./ethernet-inspector.js";
import { SparedPeers } from "./spared-peers.js";

export interface EthernetOptions {
  /** The first number to try; the next free one is taken when another run serves it in the same namespace. */
  readonly queueNumber: number;
  readonly directions: readonly ("output" | "input")[];
  /** Empty: every packet. */
  readonly match: readonly PacketRuleMatch[];
  /** Who leads packets to the queue: we, and directions and match say which, or somebody else. Default "ours". */
  readonly rules?: "ours" | "theirs";
  /** The next free number is none: somebody else's rules, or the user, name this one. Default false. */
  readonly isQueueNumberFixed?: boolean;
  /** The way to whoever decides: its packets are never held. */
  readonly exemptPeers?: readonly TcpPeer[];
  /** Our rules may be put into the machine's own network. Default false. */
  readonly mayShakeHost?: boolean;
  readonly driver: "netlink" | "nfqueue";
  readonly entity: string;
  readonly transceiver: Transceiver;
  /**
   * The namespace is the workload's own and ends with it: its rules are not taken back at the end, which takes 20 ms
   * and more. Until it ends, packets pass the rules unseen (`--queue-bypass`). Default false.
   */
  readonly netnsEndsWithWorkload?: boolean;
  readonly undo: UndoStack;
  /** Told what the inspector went on after. */
  readonly onError: (error: unknown) => void;
}

/** An inspector that waits for a network namespace to come into being. */
export interface PreparedEthernetInspector {
  /**
   * Binds the queue and starts the processes that write the rules before it returns; the promise resolves when the
   * rules are in place. `exemptPorts`: TCP ports at 127.0.0.1 that are not shaken. Once only. Rejects with NmzError
   * (NMZ_ETHERNET_…).
   */
  attach(netnsPath: string, exemptPorts?: readonly number[]): Promise<Inspector>;
  /** For one that was never attached. */
  dispose(): Promise<void>;
}

const numbersToTry = 64;

/** Does all that can be done before the namespace exists. Throws NmzError (NMZ_ETHERNET_DRIVER_ABSENT). */
export function prepareEthernetInspector(options: EthernetOptions): PreparedEthernetInspector {
  const inspector = new EthernetInspector(options.entity, options.transceiver, options.onError);
  let prepared: PreparedPacketQueue;
  try {
    prepared = preparePacketQueue(options.driver, inspector);
  } catch (error) {
    throw ethernetError(error, "any network");
  }
  warmUpPacketRules().catch(() => {}); // attaching meets the same failure, and reports it
  return {
    attach: async (netnsPath, exemptPorts = []) => {
      try {
        return await attach(netnsPath, exemptPorts, inspector, prepared, options);
      } catch (error) {
        await inspector.stop().catch(options.onError);
        await prepared.dispose();
        throw ethernetError(error, netnsPath);
      }
    },
    dispose: () => prepared.dispose(),
  };
}

/** Prepares and attaches in one go. */
export function startEthernetInspector(
  options: EthernetOptions & { readonly netnsPath: string },
): Promise<Inspector> {
  return prepareEthernetInspector(options).attach(options.netnsPath);
}

async function attach(
  netnsPath: string,
  exemptPorts: readonly number[],
  inspector: EthernetInspector,
  prepared: PreparedPacketQueue,
  options: EthernetOptions,
): Promise<Inspector> {
  // The path of a process ends with it; a descriptor reaches the namespace as long as we want.
  const netns = openSync(netnsPath, "r");
  const path = `/proc/self/fd/${netns}`;
  let queue: PacketQueue;
  try {
    const tries = options.isQueueNumberFixed === true ? 1 : numbersToTry;
    queue = openFirstFree(prepared, path, options.queueNumber, tries);
  } catch (error) {
    closeSync(netns);
    throw error;
  }
  const { queueNumber } = queue;
  const { directions, match } = options;
  const removeRules = once(() => removePacketRules({ netnsPath: path, queueNumber, directions }));
  const injector = openPacketInjector(path);
  const closeQueue = once(async () => {
    await queue.close();
    injector.close();
    closeSync(netns);
  });
  const undoQueue = options.undo.push(`queue ${queueNumber} in ${netnsPath}`, closeQueue);
  const pushUndoOfRules = () =>
    options.undo.push(`packet rules in ${netnsPath}`, removeRules, {
      kind: "packet-rules",
      netnsPath,
      netns: netnsIdentity(path),
      queueNumber,
    });
  const hasRules = options.rules !== "theirs";
  const undoRules = hasRules && options.netnsEndsWithWorkload !== true ? pushUndoOfRules() : undefined;
  const details: Record<string, number | string> = { "queue number": queueNumber };
  inspector.attached({
    queue,
    injector,
    firstEphemeralPort: firstEphemeralPort(path),
    details,
    spared: hasRules ? undefined : new SparedPeers(options.exemptPeers ?? []),
    detach: async () => {
      // When the stack is unwinding at this moment its entry is gone, and the work itself is waited for.
      await undoRules?.().then(removeRules).catch(options.onError);
      await undoQueue().then(closeQueue);
    },
  });
  if (!hasRules) return inspector;
  const installed = await installPacketRules({
    netnsPath: path,
    queueNumber,
    directions,
    match,
    exemptPorts,
    exemptPeers: options.exemptPeers ?? [],
    allowHost: options.mayShakeHost ?? false,
  });
  details["rules by"] = installed.iptables;
  if (installed.v6 !== undefined) details["IPv6 is not shaken"] = installed.v6;
  return inspector;
}

function openFirstFree(
  prepared: PreparedPacketQueue,
  netnsPath: string,
  first: number,
  tries: number,
): PacketQueue {
  for (let number = first; number < first + tries && number <= 0xffff; number++) {
    try {
      return prepared.open(netnsPath, number);
    } catch (error) {
      if (!(error instanceof QueueTakenError)) throw error;
    }
  }
  throw tries === 1
    ? new NmzError("NMZ_ETHERNET_QUEUE_TAKEN", `queue ${first} is served by another program`, {
        hint: "end that program, or give another number: /proc/net/netfilter/nfnetlink_queue lists those in use",
      })
    : new NmzError(
        "NMZ_ETHERNET_QUEUE_TAKEN",
        `the queues from ${first} on are all served by other programs`,
        {
          hint: "set container.ethernetNFQNumber to a number that is free",
        },
      );
}

/** Ports from here on are given to clients at random (RFC 6056); /proc/sys shows the calling thread's namespace. */
function firstEphemeralPort(netnsPath: string): number {
  const range = inNetns(netnsPath, () => readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "latin1"));
  return Number.parseInt(range, 10) || 32768;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
