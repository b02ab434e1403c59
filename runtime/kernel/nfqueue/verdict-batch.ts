import { verdictBytes, writeVerdict } from "./netlink-message.js";
import { acceptVerdict, type Verdict } from "./packet-queue.js";

const capacity = 128;

/** Verdicts gathered for one send(2). */
export class VerdictBatch {
  readonly #queueNumber: number;
  readonly #send: (messages: Uint8Array, length: number, verdicts: number) => void;
  readonly #messages = Buffer.alloc(capacity * verdictBytes);
  readonly #view = new DataView(this.#messages.buffer, this.#messages.byteOffset, this.#messages.length);
  readonly #upTo = Buffer.alloc(verdictBytes);
  #count = 0;
  #areAllAccepted = true;

  constructor(queueNumber: number, send: (messages: Uint8Array, length: number, verdicts: number) => void) {
    this.#queueNumber = queueNumber;
    this.#send = send;
    for (let i = 0; i < capacity; i++) {
      writeVerdict(this.#messages, i * verdictBytes, queueNumber, 0, acceptVerdict);
    }
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === capacity;
  }

  add(id: number, verdict: Verdict): void {
    const at = this.#count++ * verdictBytes;
    this.#view.setUint32(at + 24, verdict);
    this.#view.setUint32(at + 28, id);
    if (verdict !== acceptVerdict) this.#areAllAccepted = false;
  }

  /**
   * Sends them. `lastId` is given when these verdicts are all that was waited for up to that packet: then one
   * message that accepts everything up to it does for all.
   */
  flush(lastId: number | undefined): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    const isOneMessageEnough = lastId !== undefined && count > 1 && this.#areAllAccepted;
    this.#areAllAccepted = true;
    if (isOneMessageEnough) this.acceptUpTo(lastId, count);
    else this.#send(this.#messages, count * verdictBytes, count);
  }

  acceptUpTo(lastId: number, verdicts: number): void {
    writeVerdict(this.#upTo, 0, this.#queueNumber, lastId, acceptVerdict, true);
    this.#send(this.#upTo, verdictBytes, verdicts);
  }
}
