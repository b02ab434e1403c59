/**
 * The thread that waits for packets: recv(2) writes straight into the ring. Started before the namespace exists,
 * so that attaching costs no thread start: it sleeps until the socket is put into its control words.
 */
import { constants } from "node:os";
import { workerData } from "node:worker_threads";
import { lastErrno, SyscallError } from "../libc.js";
import { SharedRingWriter } from "../shared-ring.js";
import { messageBytes, receive } from "./netlink-socket.js";
import { control, type QueueWorkerData } from "./queue-worker-data.js";

const { EAGAIN, EINTR, ENOBUFS } = constants.errno;
const { controlBuffer, ringBuffer } = workerData as QueueWorkerData;
const words = new Int32Array(controlBuffer);
const ring = new SharedRingWriter(ringBuffer);

Atomics.wait(words, control.socket, -1);
const socket = Atomics.load(words, control.socket);

while (Atomics.load(words, control.stop) === 0) {
  const place = ring.reserve(messageBytes);
  const length = receive(socket, place, messageBytes, 0);
  if (length > 0) {
    ring.commit(length);
  } else if (length < 0) {
    const errno = lastErrno();
    // The time limit of SO_RCVTIMEO, a signal, or an overflow that the kernel has counted.
    const isHarmless = errno === EAGAIN || errno === EINTR || errno === ENOBUFS;
    if (!isHarmless && Atomics.load(words, control.stop) === 0) {
      throw new SyscallError("recv", errno, "AF_NETLINK");
    }
  }
}
