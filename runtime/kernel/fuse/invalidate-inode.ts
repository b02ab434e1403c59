import { asyncLibcFunction } from "../libc.js";
import { NativeMemory } from "../native-memory.js";

const write = asyncLibcFunction("intptr_t write(int fd, uintptr_t buffer, uintptr_t count)");
const notifyInvalidInode = 2;
const notifyBytes = 40;

/**
 * `FUSE_NOTIFY_INVAL_INODE` of a whole file: the kernel writes back what was changed through a mapping, drops what it has
 * cached, and asks for the attributes again. Resolves when that is done; an inode that the kernel has forgotten has no cache.
 */
export async function invalidateInode(fuseFd: number, nodeId: number): Promise<void> {
  const message = new NativeMemory(128);
  message.words[0] = notifyBytes;
  message.words[1] = notifyInvalidInode;
  message.words[4] = nodeId;
  // Offset 0 and length 0 mean all of it.
  await write(fuseFd, message.address, notifyBytes);
  // Touched, so that the memory outlives the call.
  message.words[0] = 0;
}
