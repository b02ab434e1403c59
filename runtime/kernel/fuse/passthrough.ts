import { NativeMemory } from "../native-memory.js";
import { ioctl } from "./backing-calls.js";
import type { CallerIdentity } from "./caller-identity.js";
import type { Node } from "./node-table.js";

/** `_IOW(229, 1, struct fuse_backing_map)`, `_IOW(229, 2, uint32_t)`: linux/fuse.h. */
const FUSE_DEV_IOC_BACKING_OPEN = 0x4010e501;
const FUSE_DEV_IOC_BACKING_CLOSE = 0x4004e502;

/**
 * FUSE_PASSTHROUGH (Linux 6.9): the kernel reads and writes the backing file itself and we hear nothing of it. For
 * files whose reads and writes nobody hooks. All open files of a node share one backing id: the kernel
 * refuses two for one inode.
 */
export class Passthrough {
  #isEnabled = false;
  readonly #fuseFd: number;
  readonly #identity: CallerIdentity;
  readonly #memory = new NativeMemory(128);

  constructor(fuseFd: number, identity: CallerIdentity) {
    this.#fuseFd = fuseFd;
    this.#identity = identity;
  }

  enable(): void {
    this.#isEnabled = true;
  }

  /** The backing id for one more open file of the node; 0 when its reads and writes must come to us. */
  open(node: Node, fd: number, callerUid: number): number {
    if (!this.#isEnabled) return 0;
    if (node.backingUsers === 0) {
      const { words, address } = this.#memory;
      words[0] = fd;
      words[1] = 0;
      words[2] = 0;
      words[3] = 0;
      // The kernel writes with this thread's rights of now: a user's write must take set-user-ID bits away.
      this.#identity.setKeepsSetid(callerUid === 0);
      const id = ioctl(this.#fuseFd, FUSE_DEV_IOC_BACKING_OPEN, address);
      if (id <= 0) return 0;
      node.backingId = id;
    }
    node.backingUsers += 1;
    return node.backingId;
  }

  close(node: Node): void {
    node.backingUsers -= 1;
    if (node.backingUsers > 0) return;
    this.#memory.words[0] = node.backingId;
    ioctl(this.#fuseFd, FUSE_DEV_IOC_BACKING_CLOSE, this.#memory.address);
    node.backingId = 0;
  }
}
