import { type Action, PacketFaultAction } from "./action.js";
import { Event } from "./event.js";
import type { Option } from "./json.js";

/** What the inspector knows of a packet; every property may be computed on first use. */
export interface PacketSource {
  /** `entity-<IPv4>:<port>` for IPv4/TCP, as Namazu names them; see src/inspector/ethernet for the others. */
  readonly srcEntity: string;
  readonly dstEntity: string;
  /** The IP packet. May lie in a shared buffer until `retain` is called. */
  readonly bytes: Uint8Array;
  readonly replayHint: string;
  retain(): void;
}

// Namazu's NFQUEUE inspector put this made-up Ethernet header before the IP packet.
const madeUpEthernetHeader = Buffer.from("ffffffffffff0000000000000800", "hex");

/** A packet that waits for its verdict. */
export class PacketEvent extends Event {
  readonly class = "PacketEvent";
  readonly deferred = true;
  readonly source: PacketSource;

  constructor(entity: string, source: PacketSource) {
    super(entity);
    this.source = source;
  }

  get replayHint(): string {
    return this.source.replayHint;
  }

  get option(): Option {
    const frame = Buffer.concat([madeUpEthernetHeader, this.source.bytes]);
    return {
      bytes: frame.toString("base64"),
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
