/**
 * Messages of the process events connector: struct nlmsghdr (16 bytes), struct cn_msg (20), struct proc_event. See
 * linux/netlink.h, linux/connector.h, linux/cn_proc.h.
 */
export const connector = {
  family: 16, // AF_NETLINK
  datagram: 2 | 0o2000000, // SOCK_DGRAM | SOCK_CLOEXEC
  protocol: 11, // NETLINK_CONNECTOR
  group: 1, // CN_IDX_PROC
} as const;

export const procEvent = { NONE: 0, FORK: 1, EXEC: 2, EXIT: 0x8000_0000 } as const;

const listen = 1; // PROC_CN_MCAST_LISTEN
const ignore = 2; // PROC_CN_MCAST_IGNORE

const messageAt = 16;
const eventAt = 36;
const dataAt = eventAt + 16;

/** Bytes that any message fits in. */
export const largestMessageBytes = 256;

/** struct sockaddr_nl; port 0 lets the kernel choose. */
export function netlinkAddress(port: number, groups: number): Uint8Array {
  const address = new DataView(new ArrayBuffer(12));
  address.setUint16(0, connector.family, true);
  address.setUint32(4, port, true);
  address.setUint32(8, groups, true);
  return new Uint8Array(address.buffer);
}

/** "Tell me of everything": what every kernel with process events understands. */
export function encodeListen(): Uint8Array {
  return encodeRequest(listen);
}

/** "Tell me of births, execs and deaths only" (Linux 6.6; older kernels ignore a request of this size). */
export function encodeListenFiltered(): Uint8Array {
  return encodeRequest(listen, (procEvent.FORK | procEvent.EXEC | procEvent.EXIT) >>> 0);
}

export function encodeIgnore(): Uint8Array {
  return encodeRequest(ignore);
}

function encodeRequest(...words: readonly number[]): Uint8Array {
  const length = eventAt + 4 * words.length;
  const request = new DataView(new ArrayBuffer(length));
  request.setUint32(0, length, true);
  request.setUint16(4, 3, true); // NLMSG_DONE
  request.setUint32(messageAt, connector.group, true); // idx: CN_IDX_PROC
  request.setUint32(messageAt + 4, 1, true); // val: CN_VAL_PROC
  request.setUint16(messageAt + 16, 4 * words.length, true);
  words.forEach((word, index) => {
    request.setUint32(eventAt + 4 * index, word, true);
  });
  return new Uint8Array(request.buffer);
}

/** One received message, read in place: a hundred thousand a second may come. */
export class ProcEventView {
  readonly #view: DataView;
  #length = 0;

  constructor(memory: Uint8Array) {
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  }

  /** Says how many bytes were received; false when they are no process event. */
  take(length: number): boolean {
    this.#length = length;
    return length >= dataAt + 4 && this.#view.getUint32(messageAt, true) === connector.group;
  }

  /** One of `procEvent`, or another number. */
  get what(): number {
    return this.#view.getUint32(eventAt, true);
  }

  /** NONE: the errno of the request that it acknowledges. */
  get acknowledgedErrno(): number {
    return this.#word(0);
  }

  /** FORK: whose child it is; for a new thread, the parent of its process. */
  get parentTgid(): number {
    return this.#word(1);
  }

  get childTid(): number {
    return this.#word(2);
  }

  get childTgid(): number {
    return this.#word(3);
  }

  /** EXEC and EXIT. */
  get tid(): number {
    return this.#word(0);
  }

  /** EXEC and EXIT. */
  get tgid(): number {
    return this.#word(1);
  }

  #word(index: number): number {
    const at = dataAt + 4 * index;
    return at + 4 <= this.#length ? this.#view.getInt32(at, true) : 0;
  }
}
