import { closeSync, openSync, readSync } from "node:fs";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { checked, lastErrno, libcFunction, SyscallError } from "../libc.js";
import { tryBecomeUrgent } from "../sched/index.js";
import { SharedRingWriter } from "../shared-ring.js";
import {
  bind,
  getsockname,
  MSG_DONTWAIT,
  SO_RCVBUFFORCE,
  SO_RCVTIMEO,
  SOL_SOCKET,
  setsockopt,
  socket,
} from "../socket-calls.js";
import { BirthFilter } from "./birth-filter.js";
import {
  connector,
  encodeIgnore,
  encodeListen,
  encodeListenFiltered,
  largestMessageBytes,
  netlinkAddress,
  ProcEventView,
  procEvent,
} from "./connector-message.js";
import {
  birthRecordBytes,
  controlWords,
  type ProcEventsFollow,
  type ProcEventsReady,
  type ProcEventsWorkerData,
} from "./proc-events-channel.js";

const sendCall = libcFunction("intptr_t send(int fd, void *bytes, uintptr_t length, int flags)");
// Not fs.closeSync: Node warns of descriptors that it has not opened itself.
const closeCall = libcFunction("int close(int fd)");
const receiveCall = libcFunction("intptr_t recv(int fd, void *bytes, uintptr_t length, int flags)");

const receiveBufferBytes = 16 << 20;
const acknowledgeMs = 500;
const outsideMemoryMs = 1000;
const lastLookMs = 100;
const errnoAgain = 11;
const errnoInterrupted = 4;
const errnoNoBuffers = 105;

const { ring, control: controlMemory } = workerData as ProcEventsWorkerData;
const control = new Int32Array(controlMemory);
const writer = new SharedRingWriter(ring);
const message = new Uint8Array(largestMessageBytes);
const event = new ProcEventView(message);
let fd = -1;
let filter: BirthFilter | undefined;
let targetVersion = 0;
let forgetAtMs = 0;

try {
  fd = subscribe();
  const ready: ProcEventsReady = { kind: "listening", fd, port: portOf(fd) };
  parentPort!.postMessage(ready);
  listen();
} catch (error) {
  const failed: ProcEventsReady = {
    kind: "failed",
    message: error instanceof Error ? error.message : String(error),
  };
  parentPort!.postMessage(failed);
} finally {
  if (fd >= 0) {
    send(encodeIgnore()); // kernels before 6.6 do not notice by themselves that a listener has gone
    closeCall(fd);
  }
  parentPort!.close();
}

/** A socket that listens, proven by the kernel's acknowledgement: without CONFIG_PROC_EVENTS nobody answers. */
function subscribe(): number {
  fd = checked(
    socket(connector.family, connector.datagram, connector.protocol),
    "socket",
    "NETLINK_CONNECTOR",
  );
  const address = netlinkAddress(0, connector.group);
  checked(bind(fd, address, address.length), "bind", "process events");
  setOption(SO_RCVBUFFORCE, new Uint8Array(new Int32Array([receiveBufferBytes]).buffer));
  setOption(SO_RCVTIMEO, new Uint8Array(new BigInt64Array([0n, 500_000n]).buffer)); // struct timeval
  if (send(encodeListen()) < 0) throw new SyscallError("send", lastErrno(), "PROC_CN_MCAST_LISTEN");
  const until = performance.now() + acknowledgeMs;
  for (;;) {
    const length = receiveCall(fd, message, message.length, 0);
    if (length > 0 && event.take(length) && event.what === procEvent.NONE) {
      if (event.acknowledgedErrno === 0) break;
      throw new SyscallError("PROC_CN_MCAST_LISTEN", event.acknowledgedErrno, "process events");
    }
    if (performance.now() > until)
      throw new Error("the kernel does not announce process events (CONFIG_PROC_EVENTS)");
  }
  send(encodeListenFiltered());
  return fd;
}

function listen(): void {
  tryBecomeUrgent(0, "realtime"); // a newborn must not wait for us behind the threads that are being shaken
  while (Atomics.load(control, controlWords.isStopping) === 0) {
    const length = receiveCall(fd, message, message.length, 0);
    takeTarget();
    if (length >= 0) handle(length);
    else if (!survives(lastErrno())) return;
  }
  // Who is stopped restores everyone, those too that were born a moment ago. A workload that forks all the time has an end here.
  const untilMs = performance.now() + lastLookMs;
  while (performance.now() < untilMs) {
    const length = receiveCall(fd, message, message.length, MSG_DONTWAIT);
    if (length < 0) return;
    handle(length);
  }
}

function takeTarget(): void {
  const version = Atomics.load(control, controlWords.targetVersion);
  if (version === targetVersion) return;
  targetVersion = version;
  filter = receiveFilter() ?? filter;
}

function survives(errno: number): boolean {
  if (errno !== errnoNoBuffers) return errno === errnoAgain || errno === errnoInterrupted;
  Atomics.add(control, controlWords.losses, 1);
  filter?.onLoss();
  if (filter !== undefined) handOver(0, 0, 0);
  return true;
}

function handle(length: number): void {
  if (filter === undefined || !event.take(length)) return;
  control[controlWords.eventsSeen]! += 1;
  const { what } = event;
  if (what === procEvent.FORK) filter.onFork(event.parentTgid, event.childTid, event.childTgid);
  else if (what === procEvent.EXIT) filter.onExit(event.tid, event.tgid);
  else if (what === procEvent.EXEC) {
    if (performance.now() > forgetAtMs) {
      filter.forgetOutside();
      forgetAtMs = performance.now() + outsideMemoryMs;
    }
    filter.onExec(event.tgid);
  }
}

/** The newest target that was sent, as a filter. */
function receiveFilter(): BirthFilter | undefined {
  let follow: ProcEventsFollow | undefined;
  for (;;) {
    const received = receiveMessageOnPort(parentPort!) as { message: ProcEventsFollow } | undefined;
    if (received === undefined) break;
    follow = received.message;
  }
  if (follow === undefined) return undefined;
  const { target } = follow;
  const isInGroup = target.kind === "cgroup" ? groupLookup(target.path) : () => undefined;
  return new BirthFilter(target, handOver, isInGroup);
}

function handOver(tid: number, tgid: number, parentTgid: number): void {
  const record = writer.reserve(birthRecordBytes);
  const words = new Int32Array(record.buffer, record.byteOffset, 3);
  words[0] = tid;
  words[1] = tgid;
  words[2] = parentTgid;
  writer.commit(birthRecordBytes);
}

function groupLookup(path: string): (pid: number) => boolean | undefined {
  const exactly = `:${path}\n`;
  const below = `:${path}/`;
  const text = Buffer.alloc(8192);
  return (pid) => {
    try {
      const file = openSync(`/proc/${pid}/cgroup`, "r");
      try {
        const groups = text.toString("latin1", 0, readSync(file, text, 0, text.length, 0));
        return groups.includes(exactly) || groups.includes(below);
      } finally {
        closeSync(file);
      }
    } catch {
      return undefined;
    }
  };
}

function send(bytes: Uint8Array): number {
  return sendCall(fd, bytes, bytes.length, 0);
}

function setOption(name: number, value: Uint8Array): void {
  checked(
    setsockopt(fd, SOL_SOCKET, name, value, value.length),
    "setsockopt",
    `process events option ${name}`,
  );
}

function portOf(listener: number): number {
  const address = netlinkAddress(0, 0);
  checked(
    getsockname(listener, address, new Uint8Array(new Uint32Array([address.length]).buffer)),
    "getsockname",
  );
  return new DataView(address.buffer).getUint32(4, true);
}
