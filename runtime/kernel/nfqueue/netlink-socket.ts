import { closeSync, readFileSync } from "node:fs";
import { checked, lastErrno, libcFunction, SyscallError } from "../libc.js";
import { inNetns } from "../netns/index.js";
import {
  AF_NETLINK,
  bind,
  SO_RCVBUFFORCE,
  SO_RCVTIMEO,
  SOCK_CLOEXEC,
  SOCK_RAW,
  SOL_SOCKET,
  setsockopt,
  socket,
} from "../socket-calls.js";
import {
  bindCommand,
  commandValue,
  configAttribute,
  configRequest,
  failOpenFlag,
  numberValue,
  paramsValue,
  unbindCommand,
  verdictBytes,
  wholeSegmentsFlag,
  writeVerdict,
} from "./netlink-message.js";
import { emptyPacket, readMessages } from "./packet-message.js";
import { acceptVerdict, QueueTakenError } from "./packet-queue.js";
import { readQueueTable } from "./queue-table.js";

const receive = libcFunction("intptr_t recv(int fd, void *buffer, uintptr_t length, int flags)");
const sendTo = libcFunction("intptr_t send(int fd, const void *buffer, uintptr_t length, int flags)");

const NETLINK_NETFILTER = 12;
const SOL_NETLINK = 270;
const NETLINK_NO_ENOBUFS = 5;

/** Room for the largest message: an attribute holds at most 65,531 bytes of packet, the others come before it. */
export const messageBytes = 66_560;

/** How many packets may wait for a verdict at once, before new ones go on unseen. Linux 6.18 makes 65,536 of it. */
const queueLength = 100_000;
const receiveBufferBytes = 64 << 20;
/** How long an answer to a request is waited for: the kernel gives it within send(2). */
const receiveTimeoutMs = 250;

/**
 * A netlink socket in the namespace at `netnsPath` to which the kernel hands the packets of queue `queueNumber`.
 * Throws QueueTakenError, or SyscallError.
 */
export function openQueueSocket(netnsPath: string, queueNumber: number): number {
  return inNetns(netnsPath, () => {
    const fd = checked(
      socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER),
      "socket",
      "AF_NETLINK",
    );
    try {
      const address = Buffer.alloc(12);
      address.writeUInt16LE(AF_NETLINK, 0);
      checked(bind(fd, address, address.length), "bind", "AF_NETLINK");
      setOptions(fd);
      bindQueue(fd, queueNumber);
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  });
}

export function sendRequest(fd: number, request: Uint8Array, length = request.length): void {
  checked(sendTo(fd, request, length, 0), "send", "AF_NETLINK");
}

/** Gives the queue number back. What still waits in the queue is dropped by the kernel: accept it first. */
export function unbindQueue(fd: number, queueNumber: number): void {
  sendRequest(fd, configRequest(queueNumber, [[configAttribute.command, commandValue(unbindCommand)]]));
}

function setOptions(fd: number): void {
  const timeout = Buffer.alloc(16); // struct timeval
  timeout.writeBigInt64LE(BigInt(receiveTimeoutMs) * 1000n, 8);
  checked(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeout, timeout.length), "setsockopt", "SO_RCVTIMEO");
  const number = Buffer.alloc(4);
  number.writeInt32LE(receiveBufferBytes);
  checked(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, number, number.length), "setsockopt", "SO_RCVBUFFORCE");
  number.writeInt32LE(1);
  checked(
    setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, number, number.length),
    "setsockopt",
    "NETLINK_NO_ENOBUFS",
  );
}

/**
 * Fail-open, because a full queue must slow nothing down and lose nothing; whole segments, because what is only held
 * and let go needs no checksum, and cutting a segment into packets would make one write many events.
 */
export function queueSettings(copyRange: number): readonly (readonly [number, Buffer])[] {
  const flags = numberValue(failOpenFlag | wholeSegmentsFlag);
  return [
    [configAttribute.params, paramsValue(copyRange)],
    [configAttribute.maxLength, numberValue(queueLength)],
    [configAttribute.mask, flags],
    [configAttribute.flags, flags],
  ];
}

function bindQueue(fd: number, queueNumber: number): void {
  const request = configRequest(queueNumber, [
    [configAttribute.command, commandValue(bindCommand)],
    ...queueSettings(0xffff),
  ]);
  sendRequest(fd, request);
  const errno = awaitAnswer(fd, queueNumber);
  if (errno === 0) return;
  if (readQueueTable(readTable()).has(queueNumber)) throw new QueueTakenError(queueNumber);
  throw new SyscallError("NFQNL_CFG_CMD_BIND", errno, `queue ${queueNumber}`);
}

function readTable(): string {
  return readFileSync("/proc/thread-self/net/netfilter/nfnetlink_queue", "latin1");
}

/**
 * The errno of the answer. The kernel answers within send(2), so it is there already; before it may come packets, by
 * a rule that someone left behind, and they are let go.
 */
function awaitAnswer(fd: number, queueNumber: number): number {
  const memory = Buffer.alloc(messageBytes);
  const verdict = Buffer.alloc(verdictBytes);
  const packet = emptyPacket();
  for (;;) {
    const length = receive(fd, memory, memory.length, 0);
    if (length < 0) throw new SyscallError("recv", lastErrno(), "AF_NETLINK");
    let answer: number | undefined;
    readMessages(memory, 0, length, packet, {
      onPacket: ({ id }) => {
        writeVerdict(verdict, 0, queueNumber, id, acceptVerdict);
        sendRequest(fd, verdict);
      },
      onAnswer: (errno) => {
        answer ??= errno;
      },
    });
    if (answer !== undefined) return answer;
  }
}
