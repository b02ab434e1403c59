import { checked, libcFunction } from "./libc.js";
import { NativeMemory } from "./native-memory.js";
import { SOCK_CLOEXEC, SOCK_STREAM, SOL_SOCKET, socket } from "./socket-calls.js";

const connect = libcFunction("int connect(int fd, uintptr_t address, uint32_t length)");
const getsockopt = libcFunction(
  "int getsockopt(int fd, int level, int option, uintptr_t value, uintptr_t length)",
);
const close = libcFunction("int close(int fd)");

const AF_UNIX = 1;
const SO_PEERCRED = 17;

/**
 * The process that listens at a unix socket (unix(7), SO_PEERCRED: whoever called listen(2), which with socket activation is
 * systemd). 0: it is in a pid namespace that we do not see. Throws SyscallError.
 */
export function listenerOfSocket(path: string): number {
  const memory = new NativeMemory(256);
  const bytes = Buffer.from(path);
  memory.bytes[0] = AF_UNIX; // struct sockaddr_un, little-endian
  memory.bytes.set(bytes.subarray(0, 107), 2);
  const fd = checked(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket", path);
  try {
    checked(connect(fd, memory.address, 2 + bytes.length + 1), "connect", path);
    memory.words[32] = 12; // the length, at byte 128; struct ucred { pid, uid, gid } at byte 136
    checked(
      getsockopt(fd, SOL_SOCKET, SO_PEERCRED, memory.address + 136, memory.address + 128),
      "getsockopt",
      path,
    );
    return memory.words[34]!;
  } finally {
    close(fd);
  }
}
