import { type Action, PacketFaultAction } from "./action.js";
import { framePayload } from "./ethernet-frame.js";
import { Event } from "./event.js";
import type { JsonValue, Option, ReceivedEvent } from "./json.js";

/** What the inspector knows of a packet; every property may be computed on first use. */
export interface PacketSource {
  /** `entity-<IPv4>:<port>` for IPv4/TCP, as Namazu names them; see src/inspector/ethernet for the others. */
  readonly srcEntity: string;
  readonly dstEntity: string;
  /** Of packets with the same two ends the same object, or another; of packets with others never the same. */
  readonly ends?: object;
  /** The IP packet. May lie in a shared buffer until `retain` is called. */
  readonly bytes: Uint8Array;
  /** How long `bytes` is, where that can be told without a look at them. */
  readonly byteCount?: number;
  /** The Ethernet frame that it came in, where there was one. */
  readonly frame?: Uint8Array | undefined;
  readonly replayHint: string;
  retain(): void;
}

/** A packet as it comes in JSON: `option.bytes` is a frame in base64, or is missing (pynmz sends a `message`). */
export class ReceivedPacket implements PacketSource {
  readonly #json: ReceivedEvent;

  constructor(json: ReceivedEvent) {
    this.#json = json;
  }

  get srcEntity(): string {
    return textOf(this.#json.option["src_entity"]);
  }

  get dstEntity(): string {
    return textOf(this.#json.option["dst_entity"]);
  }

  get bytes(): Uint8Array {
    const frame = Buffer.from(textOf(this.#json.option["bytes"]), "base64");
    return frame.subarray(framePayload(frame).start);
  }

  get replayHint(): string {
    return this.#json.replay_hint;
  }

  retain(): void {}
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

// Namazu's NFQUEUE inspector put this made-up Ethernet header before the IP packet.
const madeUpEthernetHeader = Buffer.from("ffffffffffff0000000000000800", "hex");

/** A packet that waits for its verdict. */
export class PacketEvent extends Event {
  readonly class = "PacketEvent";
  readonly deferred: boolean;
  readonly source: PacketSource;

  constructor(entity: string, source: PacketSource, received?: ReceivedEvent) {
    super(entity, received);
    this.deferred = received?.deferred ?? true;
    this.source = source;
  }

  get replayHint(): string {
    return this.source.replayHint;
  }

  get option(): Option {
    if (this.received !== undefined) return this.received.option;
    const frame = this.source.frame ?? Buffer.concat([madeUpEthernetHeader, this.source.bytes]);
    return {
      bytes: Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString("base64"),
      dst_entity: this.source.dstEntity,
      src_entity: this.source.srcEntity,
    };
  }

  override retain(): void {
    this.source.retain();
  }

  override faultAction(): Action {
    return new PacketFaultAction(this);
  }
}
