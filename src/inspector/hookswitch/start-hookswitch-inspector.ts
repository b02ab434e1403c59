import type { Transceiver } from "../../transceiver/index.js";
import type { UndoStack } from "../../util/index.js";
import { EthernetInspector } from "../ethernet/index.js";
import type { Inspector } from "../inspector.js";
import { ipcPath, removeIpcPath, requireFreeIpcPath, statOfIpcPath } from "./ipc-path.js";
import { openPairSocket, type PairSocket } from "./pair-socket.js";
import { SwitchQueue } from "./switch-queue.js";

export interface HookSwitchOptions {
  /** `ipc:///path` or `tcp://address:port`. */
  readonly address: string;
  readonly entity: string;
  readonly transceiver: Transceiver;
  readonly undo: UndoStack;
  /** Told what the inspector went on after. */
  readonly onError: (error: unknown) => void;
  /** Frames that may wait at a time; what comes beyond is accepted unseen. Default 65,536. */
  readonly maxWaiting?: number;
}

export interface StartedHookSwitchInspector extends Inspector {
  /** What a switch connects to. */
  readonly address: string;
}

// Linux's own default (ip_local_port_range). The switch serves many hosts: none of theirs can be asked.
const firstEphemeralPort = 32768;

/**
 * Listens for a switch. Rejects with NmzError (NMZ_HOOKSWITCH_ZEROMQ_ABSENT, NMZ_HOOKSWITCH_TAKEN, NMZ_HOOKSWITCH_PATH,
 * NMZ_HOOKSWITCH_BIND), and then nothing is left behind.
 */
export async function startHookSwitchInspector(
  options: HookSwitchOptions,
): Promise<StartedHookSwitchInspector> {
  const { address, onError } = options;
  const inspector = new EthernetInspector(options.entity, options.transceiver, onError);
  const path = ipcPath(address);
  if (path !== undefined) await requireFreeIpcPath(path);
  const queue = new SwitchQueue({
    handler: inspector,
    maxWaiting: options.maxWaiting ?? 65_536,
    answer: (label) => socket.send(label),
    close: () => socket.close(),
  });
  const socket: PairSocket = await openPairSocket({
    address,
    onMessage: (parts) => queue.onMessage(parts),
    onPeers: peerWatch(queue, address, onError),
    onError,
  });
  const bound = path === undefined ? undefined : { path, stat: statOfIpcPath(path) };
  inspector.attached({
    queue,
    firstEphemeralPort,
    get details() {
      return {
        listens: socket.address,
        ...(queue.strange === 0 ? {} : { "messages skipped": queue.strange }),
        ...(socket.unsent === 0 ? {} : { "answers that no switch took": socket.unsent }),
      };
    },
    detach: async () => {
      await queue.close();
      if (bound !== undefined) removeIpcPath(bound.path, bound.stat);
    },
  });
  options.undo.push(`HookSwitch on ${socket.address}`, () => inspector.stop());
  return Object.assign(inspector, { address: socket.address });
}

/** Warns once of a second switch, and forgets what the only one left behind. */
function peerWatch(
  queue: SwitchQueue,
  address: string,
  onError: (error: unknown) => void,
): (peers: number) => void {
  let isWarned = false;
  return (peers) => {
    // With two of them it cannot be known which one has gone.
    if (peers === 0) queue.forgetAll();
    if (peers < 2 || isWarned) return;
    isWarned = true;
    onError(
      new Error(`a second switch is connected to ${address}: only the first is heard (start it again later)`),
    );
  };
}
