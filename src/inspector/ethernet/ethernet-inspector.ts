import {
  acceptVerdict,
  dropVerdict,
  inputHook,
  type PacketQueue,
  type PacketQueueHandler,
  type QueuedPacket,
} from "../../../runtime/kernel/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  EventAcceptanceAction,
  PacketEvent,
  PacketFaultAction,
} from "../../signal/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import { type Clock, messageOf, systemClock } from "../../util/index.js";
import type { Inspector, InspectorReport } from "../inspector.js";
import { type CaptureContext, CapturedPacket } from "./captured-packet.js";
import { HeldSegments } from "./held-segments.js";
import type { SparedPeers } from "./spared-peers.js";

/** What attaching found out, and how to take it back. */
export interface Attachment {
  readonly queue: PacketQueue;
  readonly firstEphemeralPort: number;
  /** Whose packets go on unseen, where no rule of ours keeps them from coming. */
  readonly spared?: SparedPeers | undefined;
  /** More lines for the report. */
  readonly details: Readonly<Record<string, number | string>>;
  /** Takes the rules away, then lets everything go and ends the queue. */
  detach(): Promise<void>;
}

/** Each packet becomes an event; the action says whether it goes on. */
export class EthernetInspector implements Inspector, ActionSink, PacketQueueHandler, CaptureContext {
  readonly #entity: string;
  readonly #transceiver: Transceiver;
  readonly #onError: (error: unknown) => void;
  readonly #held: HeldSegments;
  readonly #refusals: Record<string, number> = {};
  #attachment: Attachment | undefined;
  #stopping: Promise<void> | undefined;
  #events = 0;
  readonly #faults: Record<string, number> = {};
  #input = 0;
  #v6 = 0;
  #retransmissions = 0;

  constructor(
    entity: string,
    transceiver: Transceiver,
    onError: (error: unknown) => void,
    clock: Clock = systemClock,
  ) {
    this.#held = new HeldSegments(clock);
    this.#entity = entity;
    this.#transceiver = transceiver;
    this.#onError = onError;
  }

  /** Called in the same turn in which the queue was bound. */
  attached(attachment: Attachment): void {
    this.#attachment = attachment;
  }

  get firstEphemeralPort(): number {
    return this.#attachment?.firstEphemeralPort ?? 32768;
  }

  onPacket(packet: QueuedPacket): void {
    const captured = new CapturedPacket(packet, this);
    if (this.#attachment?.spared?.has(captured) === true) {
      this.#attachment.queue.setVerdict(captured.id, acceptVerdict);
      return;
    }
    if (this.#held.size > 0) {
      const segment = captured.segment;
      if (segment !== undefined && this.#held.covers(segment)) {
        this.#retransmissions += 1;
        this.#attachment?.queue.setVerdict(captured.id, dropVerdict);
        return;
      }
    }
    this.#events += 1;
    if (packet.hook === inputHook) this.#input += 1;
    if (packet.start < packet.end && packet.memory[packet.start]! >> 4 === 6) this.#v6 += 1;
    const event = new PacketEvent(this.#entity, captured);
    try {
      this.#transceiver.send(event, this);
    } catch (error) {
      this.#refuse(`the wire failed: accepted (${messageOf(error)})`, error);
      this.deliver(event, new EventAcceptanceAction(event));
    }
  }

  onRetained(packet: CapturedPacket): void {
    const { segment } = packet;
    if (segment !== undefined) this.#held.add(segment);
  }

  deliver(event: Event, action: Action): void {
    const packet = (event as PacketEvent).source as CapturedPacket;
    if (packet.isAnswered) return;
    packet.isAnswered = true;
    let verdict: typeof acceptVerdict | typeof dropVerdict = acceptVerdict;
    if (action instanceof PacketFaultAction) {
      verdict = dropVerdict;
      this.#faults["drop"] = (this.#faults["drop"] ?? 0) + 1;
    } else if (!(action instanceof EventAcceptanceAction)) {
      this.#refuse(`${action.class} is no answer to a packet: accepted`);
    }
    const segment = packet.isRetained ? packet.segment : undefined;
    if (segment !== undefined && verdict === dropVerdict) this.#held.forget(segment);
    else if (segment !== undefined) this.#held.release(segment);
    this.#attachment?.queue.setVerdict(packet.id, verdict);
  }

  onError(error: Error): void {
    this.#onError(error);
  }

  #refuse(reason: string, error?: unknown): void {
    const count = this.#refusals[reason] ?? 0;
    this.#refusals[reason] = count + 1;
    if (error !== undefined && count === 0) this.#onError(error);
  }

  report(): InspectorReport {
    const queue = this.#attachment?.queue.statistics();
    return {
      inspector: "ethernet",
      entity: this.#entity,
      events: this.#events,
      faults: { ...this.#faults },
      refusals: { ...this.#refusals },
      details: {
        output: this.#events - this.#input,
        input: this.#input,
        IPv4: this.#events - this.#v6,
        IPv6: this.#v6,
        "retransmissions dropped": this.#retransmissions,
        "dropped by the kernel": queue?.kernelDropped ?? 0,
        "passed unseen": queue?.undelivered ?? 0,
        "verdicts too late": queue?.verdictsRefused ?? 0,
        ...this.#attachment?.details,
      },
    };
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#attachment?.detach() ?? Promise.resolve();
    return this.#stopping;
  }
}
