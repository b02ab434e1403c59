/**
 * The thread that waits for packets while the deciding one has something else to do, or nothing: in poll(2), until the socket
 * can be read. Started before the namespace exists, so that attaching costs no thread start: it sleeps until the socket is put
 * into its control words.
 */
import { workerData } from "node:worker_threads";
import { libcFunction } from "../libc.js";
import { NativeMemory } from "../native-memory.js";
import { control, type QueueWorkerData, turn } from "./queue-worker-data.js";

const poll = libcFunction("int poll(uintptr_t descriptors, uintptr_t count, int timeoutMs)");
const POLLIN = 1;
/** How long the thread may take to notice that it shall end, were nobody to wake it. */
const patienceMs = 250;

const { controlBuffer } = workerData as QueueWorkerData;
const words = new Int32Array(controlBuffer);

Atomics.wait(words, control.socket, -1);
const descriptors = new NativeMemory(8); // one struct pollfd
descriptors.words[0] = Atomics.load(words, control.socket);

while (Atomics.load(words, control.stop) === 0) {
  if (Atomics.load(words, control.turn) === turn.reading) {
    Atomics.wait(words, control.turn, turn.reading, patienceMs);
    continue;
  }
  descriptors.words[1] = POLLIN; // and nothing has come back yet
  if (poll(descriptors.address, 1, patienceMs) === 0) continue;
  // An error of the socket, too, is for the deciding thread to find.
  Atomics.store(words, control.turn, turn.reading);
  Atomics.notify(words, control.turn);
}
