import {
  acceptVerdict,
  outputHook,
  type PacketQueue,
  type PacketQueueHandler,
  type PacketQueueStatistics,
  type QueuedPacket,
  type Verdict,
} from "../../../runtime/kernel/index.js";
import { framePayload } from "../../signal/index.js";
import { messageOf } from "../../util/index.js";
import { answerOf, type FrameLabel, type FrameOp, readFrameLabel } from "./frame-label.js";

export interface SwitchQueueOptions {
  readonly handler: PacketQueueHandler;
  /** Gives an answer to the switch; the second part of the message is always empty. Never waits. */
  readonly answer: (label: string) => void;
  /** Frames that may wait at a time; what comes beyond is accepted unseen. */
  readonly maxWaiting: number;
  readonly close: () => Promise<void>;
}

/**
 * Frames that wait in a switch, as the queue of packets that the ethernet inspector serves. To the inspector a switch is
 * one host's way out: its packets are named and hinted like those that NFQUEUE takes in OUTPUT.
 */
export class SwitchQueue implements PacketQueue {
  readonly queueNumber = -1;
  readonly #options: SwitchQueueOptions;
  readonly #waiting = new Map<number, FrameLabel>();
  readonly #warned = new Set<string>();
  // Numbers of our own: a switch that was started anew begins to count anew.
  #lastId = 0;
  #received = 0;
  #unseen = 0;
  #refused = 0;
  #strange = 0;
  #isClosed = false;
  readonly #packet: QueuedPacket = {
    id: 0,
    hook: outputHook,
    memory: new Uint8Array(0),
    start: 0,
    end: 0,
    frameStart: 0,
    wireLength: 0,
  };

  constructor(options: SwitchQueueOptions) {
    this.#options = options;
  }

  /** Messages that were none of HookSwitch's, and were skipped. */
  get strange(): number {
    return this.#strange;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** One message of the switch, in its parts. Whatever it is, it throws nothing. */
  onMessage(parts: readonly Uint8Array[]): void {
    const [head, frame] = parts;
    if (parts.length !== 2 || head === undefined || frame === undefined) {
      this.#skip(`a message of ${parts.length} parts`, "HookSwitch sends two");
      return;
    }
    let label: FrameLabel;
    try {
      label = readFrameLabel(head);
    } catch (error) {
      this.#skip("a message whose first part cannot be read", messageOf(error));
      return;
    }
    if (this.#isClosed || this.#waiting.size >= this.#options.maxWaiting) {
      this.#unseen += 1;
      this.#answer(label, "accept");
      return;
    }
    this.#received += 1;
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, label);
    this.#options.handler.onPacket(this.#packetOf(frame));
  }

  /** The switch has gone, and its frames with it: a new one would not know what is answered. */
  forgetAll(): void {
    this.#waiting.clear();
  }

  setVerdict(id: number, verdict: Verdict): void {
    const label = this.#waiting.get(id);
    if (label === undefined) {
      this.#refused += 1;
      return;
    }
    this.#waiting.delete(id);
    this.#answer(label, verdict === acceptVerdict ? "accept" : "drop");
  }

  flush(): void {}

  acceptAll(): void {
    for (const id of [...this.#waiting.keys()]) this.setVerdict(id, acceptVerdict);
  }

  statistics(): PacketQueueStatistics {
    return {
      received: this.#received,
      kernelDropped: 0,
      undelivered: this.#unseen,
      verdictsRefused: this.#refused,
    };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.acceptAll();
    return this.#options.close();
  }

  #answer(label: FrameLabel, op: FrameOp): void {
    this.#options.answer(answerOf(label, op));
  }

  #packetOf(frame: Uint8Array): QueuedPacket {
    const { start, isIp } = framePayload(frame);
    const packet = this.#packet;
    packet.id = this.#lastId;
    packet.memory = frame;
    // What is no IP packet has none: addresses of cards (ARP), which are given by chance, shall not get into its hint.
    packet.start = isIp ? start : frame.length;
    packet.end = frame.length;
    packet.wireLength = packet.end - packet.start;
    return packet;
  }

  #skip(what: string, why: string): void {
    this.#strange += 1;
    if (this.#warned.has(what)) return;
    // Each number of parts would be a cause of its own.
    if (this.#warned.size >= maxWarnings) return;
    this.#warned.add(what);
    this.#options.handler.onError(new Error(`HookSwitch: ${what} is skipped: ${why}`));
  }
}

const maxWarnings = 8;
