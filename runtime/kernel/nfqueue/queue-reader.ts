import { constants } from "node:os";
import { addressOf, lastErrno, libcFunction, SyscallError } from "../libc.js";
import { MSG_DONTWAIT } from "../socket-calls.js";
import { messageBytes } from "./netlink-socket.js";
import { control, turn } from "./queue-worker-data.js";

const receive = libcFunction("intptr_t recv(int fd, uintptr_t buffer, uintptr_t length, int flags)");
const { EAGAIN, EINTR, ENOBUFS } = constants.errno;

export interface QueueReaderOptions {
  readonly socket: number;
  /** Shared with the thread that waits for the socket. */
  readonly words: Int32Array;
  /** One netlink message or more, in `memory[0, length)`; valid during the call only. */
  readonly onMessages: (memory: Uint8Array, length: number) => void;
  /** Nothing more is there for now: the place to send what was gathered. */
  readonly onBatchEnd: () => void;
  /** The socket cannot be read any more. */
  readonly onEnd: (error: Error) => void;
}

/** How long messages are handled, or looked for, before the event loop has its turn. */
const turnMs = 1;
/**
 * How long the next message is looked for before the other thread is asked to wait for it: waking costs 50–100 µs on a
 * virtual machine. Only while messages come closer together than twice this.
 */
const spinMs = 0.06;
/** Looking, this thread was off its core for longer than this: there is more to run than cores, and it does not look for a while. */
const evictedMs = 0.1;
const crowdedMs = 500;
const looksPerClock = 8;

/**
 * Receives on the deciding thread itself, and decides where it stands: on two cores a receiving thread of its own competed with
 * the workload for the second one. Who only waits for the first message is another thread, in poll(2).
 */
export class QueueReader {
  readonly #options: QueueReaderOptions;
  readonly #memory = new Uint8Array(messageBytes);
  readonly #address = addressOf(this.#memory);
  #isStopped = false;
  #isHot = false;
  #idleSinceMs = 0;
  #crowdedUntilMs = 0;

  constructor(options: QueueReaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#run();
  }

  stop(): void {
    this.#isStopped = true;
  }

  readonly #run = (): void => {
    if (this.#isStopped) return;
    const turnEndMs = performance.now() + turnMs;
    let first = 0;
    do {
      if (!this.#drain(first, turnEndMs)) {
        setImmediate(this.#run);
        return;
      }
      if (this.#isStopped) return;
      // Messages that come one by one, each while it is looked for, end no turn by their number.
      if (this.#isHot && this.#idleSinceMs > turnEndMs) {
        setImmediate(this.#run);
        return;
      }
      first = this.#isHot ? this.#look() : 0;
    } while (first > 0);
    this.#sleep();
  };

  #sleep(): void {
    const { words } = this.#options;
    Atomics.store(words, control.turn, turn.waiting);
    Atomics.notify(words, control.turn);
    const wait = Atomics.waitAsync(words, control.turn, turn.waiting);
    if (wait.async) wait.value.then(this.#wake);
    else setImmediate(this.#run);
  }

  readonly #wake = (): void => {
    const nowMs = performance.now();
    this.#isHot = nowMs - this.#idleSinceMs < 2 * spinMs && nowMs >= this.#crowdedUntilMs;
    this.#run();
  };

  /** The length of the next message, which is in memory then; 0 when none came in time. */
  #look(): number {
    const untilMs = this.#idleSinceMs + spinMs;
    let lookedMs = performance.now();
    while (lookedMs < untilMs) {
      for (let i = 0; i < looksPerClock; i++) {
        const length = this.#receive();
        if (length > 0) return length;
      }
      const nowMs = performance.now();
      if (nowMs - lookedMs > evictedMs) {
        this.#crowdedUntilMs = nowMs + crowdedMs;
        return 0;
      }
      lookedMs = nowMs;
    }
    return 0;
  }

  /** `length` bytes were received already. True when the socket is empty; false when it was time to end the turn first. */
  #drain(length: number, turnEndMs: number): boolean {
    const { onMessages, onBatchEnd } = this.#options;
    let handled = 0;
    for (let at = length > 0 ? length : this.#receive(); at > 0; at = this.#receive()) {
      onMessages(this.#memory, at);
      handled += 1;
      if (this.#isStopped) return true;
      if ((handled & 31) === 31 && performance.now() > turnEndMs) {
        onBatchEnd();
        return false;
      }
    }
    if (handled > 0) onBatchEnd();
    this.#idleSinceMs = performance.now();
    return true;
  }

  /** 0: nothing is there. */
  #receive(): number {
    for (;;) {
      const length = receive(this.#options.socket, this.#address, messageBytes, MSG_DONTWAIT);
      if (length > 0) return length;
      const errno = lastErrno();
      if (errno === EAGAIN || length === 0) return 0;
      if (errno === EINTR || errno === ENOBUFS) continue; // an overflow, which the kernel has counted
      this.#isStopped = true;
      this.#options.onEnd(new SyscallError("recv", errno, "AF_NETLINK"));
      return 0;
    }
  }
}
