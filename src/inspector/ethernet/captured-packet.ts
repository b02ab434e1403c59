import { outputHook, type QueuedPacket } from "../../../runtime/kernel/index.js";
import type { PacketSource } from "../../signal/index.js";
import type { FlowNames, RecentFlows } from "./flow-names.js";
import type { Segment } from "./held-segments.js";
import { type PacketHeader, protocolNumber, readPacketHeader, tcpFlag } from "./packet-header.js";
import { hintEnd } from "./packet-hint.js";

/** What packets of one inspector share. */
export interface CaptureContext {
  readonly firstEphemeralPort: number;
  readonly flows: RecentFlows;
  /** Told once, when the packet is going to be kept. */
  onRetained(packet: CapturedPacket): void;
}

/** A packet between its arrival and its verdict. What it is, is read when somebody asks. */
export class CapturedPacket implements PacketSource {
  readonly id: number;
  readonly #context: CaptureContext;
  readonly hook: number;
  readonly #isUncut: boolean;
  readonly #wireLength: number;
  #memory: Uint8Array;
  /** `#start` where the packet came without a link layer's header. */
  #frameStart: number;
  #start: number;
  #end: number;
  #header: PacketHeader | undefined;
  #names: FlowNames | undefined;
  #hint: string | undefined;
  #segment: Segment | undefined;
  isRetained = false;
  isAnswered = false;
  /** The queue has been told. */
  hasVerdict = false;

  constructor(packet: QueuedPacket, context: CaptureContext) {
    this.id = packet.id;
    this.#context = context;
    this.hook = packet.hook;
    this.#isUncut = packet.isUncut === true;
    this.#wireLength = packet.wireLength;
    this.#memory = packet.memory;
    this.#start = packet.start;
    this.#frameStart = packet.frameStart ?? packet.start;
    this.#end = packet.end;
  }

  get bytes(): Uint8Array {
    return this.#memory.subarray(this.#start, this.#end);
  }

  get byteCount(): number {
    return this.#end - this.#start;
  }

  get frame(): Uint8Array | undefined {
    if (this.#frameStart === this.#start) return undefined;
    return this.#memory.subarray(this.#frameStart, this.#end);
  }

  get srcEntity(): string {
    return this.#flowNames.srcEntity;
  }

  get dstEntity(): string {
    return this.#flowNames.dstEntity;
  }

  get ends(): object {
    return this.#flowNames;
  }

  get replayHint(): string {
    this.#hint ??= this.#flowNames.hintStart + hintEnd(this.#memory, this.header);
    return this.#hint;
  }

  get #flowNames(): FlowNames {
    this.#names ??= this.#context.flows.namesOf(
      this.#memory,
      this.header,
      this.hook,
      this.#context.firstEphemeralPort,
    );
    return this.#names;
  }

  get header(): PacketHeader {
    this.#header ??= readPacketHeader(this.#memory, this.#start, this.#end);
    return this.#header;
  }

  /**
   * Its place in TCP's sequence space, or undefined for all that TCP does not send again: other protocols, resets,
   * and acknowledgements without data, whose duplicates mean something.
   */
  get segment(): Segment | undefined {
    this.#segment ??= this.#readSegment();
    return this.#segment;
  }

  get isCutShort(): boolean {
    return this.#wireLength > this.#end - this.#start || this.header.missingBytes > 0;
  }

  /** On its way out, and perhaps cut into packets by whatever it leaves through. */
  get isCutLater(): boolean {
    return this.#isUncut && this.hook === outputHook;
  }

  /** Direction, protocol, addresses and ports; one character a byte, exactly as they are in the packet. */
  get flow(): string {
    const { protocol, version, source, transport, sourcePort } = this.header;
    let flow = String.fromCharCode(this.hook, protocol & 0xff);
    const addressBytes = version === 4 ? 8 : version === 6 ? 32 : 0;
    for (let i = 0; i < addressBytes; i++) flow += String.fromCharCode(this.#memory[source + i]!);
    for (let i = 0; i < 4 && sourcePort >= 0; i++) flow += String.fromCharCode(this.#memory[transport + i]!);
    return flow;
  }

  retain(): void {
    if (this.isRetained) return;
    this.isRetained = true;
    const copy = Buffer.allocUnsafe(this.#end - this.#frameStart);
    copy.set(this.#memory.subarray(this.#frameStart, this.#end));
    this.#memory = copy;
    this.#start -= this.#frameStart;
    this.#frameStart = 0;
    this.#end = copy.length;
    this.#header = undefined;
    this.#context.onRetained(this);
  }

  #readSegment(): Segment | undefined {
    const { protocol, tcpFlags, tcpSequence, payloadStart, payloadEnd, missingBytes } = this.header;
    if (protocol !== protocolNumber.tcp || tcpSequence < 0 || (tcpFlags & tcpFlag.rst) !== 0)
      return undefined;
    const cutBytes = Math.max(missingBytes, this.#wireLength - (this.#end - this.#start));
    const hasSyn = (tcpFlags & tcpFlag.syn) === 0 ? 0 : 1;
    const hasFin = (tcpFlags & tcpFlag.fin) === 0 ? 0 : 1;
    const length = payloadEnd - payloadStart + cutBytes + hasSyn + hasFin;
    if (length === 0) return undefined;
    return { flow: this.flow, start: tcpSequence, end: (tcpSequence + length) >>> 0 };
  }
}
