import {
  acceptVerdict,
  dropVerdict,
  injectedMark,
  inputHook,
  type PacketInjector,
  type PacketQueue,
  type PacketQueueHandler,
  type QueuedPacket,
} from "../../../runtime/kernel/index.js";
import {
  type Action,
  type ActionSink,
  type Event,
  EventAcceptanceAction,
  faultName,
  PacketEvent,
  type PacketFault,
  PacketFaultAction,
} from "../../signal/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import { type Clock, messageOf, systemClock } from "../../util/index.js";
import type { Inspector, InspectorReport } from "../inspector.js";
import { type CaptureContext, CapturedPacket } from "./captured-packet.js";
import { RecentFlows } from "./flow-names.js";
import { HeldSegments } from "./held-segments.js";
import { OvertakenPackets } from "./overtaken-packets.js";
import { doPacketFault } from "./packet-faults.js";
import type { SparedPeers } from "./spared-peers.js";

/** What attaching found out, and how to take it back. */
export interface Attachment {
  readonly queue: PacketQueue;
  /** Sends packets of our own to where the others come from; missing where that cannot be. */
  readonly injector?: PacketInjector;
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
  readonly flows = new RecentFlows();
  readonly #overtaken = new OvertakenPackets();
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
    if (packet.mark === injectedMark) {
      this.#attachment?.queue.setVerdict(packet.id, acceptVerdict);
      return;
    }
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
    if (action instanceof PacketFaultAction) {
      this.#fault(packet, action.fault);
      return;
    }
    if (!(action instanceof EventAcceptanceAction)) {
      this.#refuse(`${action.class} is no answer to a packet: accepted`);
    }
    this.#attachment?.queue.setVerdict(packet.id, acceptVerdict);
    this.#wentOn(packet);
  }

  #fault(packet: CapturedPacket, fault: PacketFault): void {
    if (this.#attachment === undefined) return;
    if (fault.kind === "reorder") {
      this.#reorder(packet, fault);
      return;
    }
    const result = doPacketFault(packet, fault, this.#attachment);
    if ("refused" in result) this.#refuse(result.refused);
    else this.#count(fault);
    const isGone = "isGone" in result && result.isGone;
    if (!isGone) this.#wentOn(packet);
    else if (packet.isRetained && packet.segment !== undefined) this.#held.forget(packet.segment);
  }

  #reorder(packet: CapturedPacket, fault: Extract<PacketFault, { kind: "reorder" }>): void {
    const queue = this.#attachment?.queue;
    if (queue === undefined) return;
    packet.retain();
    this.#overtaken.hold(packet.flow, packet.id, fault, (passedBy) => {
      // Those that passed it must be on their way before it is: one message for all would restore their order.
      queue.flush();
      queue.setVerdict(packet.id, acceptVerdict);
      if (passedBy > 0) this.#count(fault);
      else this.#refuse("reorder is not possible where no later packet comes in time: accepted");
      this.#wentOn(packet);
    });
  }

  #wentOn(packet: CapturedPacket): void {
    const segment = packet.isRetained ? packet.segment : undefined;
    if (segment !== undefined) this.#held.release(segment);
    if (this.#overtaken.size > 0) this.#overtaken.passed(packet.flow, packet.id);
  }

  #count(fault: PacketFault): void {
    const name = faultName(fault);
    this.#faults[name] = (this.#faults[name] ?? 0) + 1;
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
    this.#overtaken.letAllGo();
    this.#stopping ??= this.#attachment?.detach() ?? Promise.resolve();
    return this.#stopping;
  }
}
