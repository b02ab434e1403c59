/** npm `nfqueue` accepting everything at once: nfq-package QUEUE. Prints "ready", serves until it is killed. */
import { createRequire } from "node:module";

interface Nfqueue {
  readonly NF_ACCEPT: number;
  createQueueHandler(
    queueNumber: number,
    bufferBytes: number,
    onPacket: (packet: { setVerdict(verdict: number): void }) => void,
  ): unknown;
}

const nfqueue = createRequire(import.meta.url)("nfqueue") as Nfqueue;
const { NF_ACCEPT } = nfqueue;
nfqueue.createQueueHandler(Number(process.argv[2]), 64 << 20, (packet) => packet.setVerdict(NF_ACCEPT));
process.stdout.write("ready\n");
