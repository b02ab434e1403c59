import { checked, libcFunction } from "../libc.js";

const tcgetattr = libcFunction("int tcgetattr(int fd, void *attributes)");
const tcsetattr = libcFunction("int tcsetattr(int fd, int when, const void *attributes)");
const cfmakeraw = libcFunction("void cfmakeraw(void *attributes)");

/** `struct termios` is 60 bytes in glibc and musl; some room for others. */
const termiosBytes = 256;
const TCSADRAIN = 1;

/**
 * Makes a terminal raw as cfmakeraw(3) means it, output processing off included: Node's own raw mode leaves that on, and
 * a line's end that the container's terminal has made "\r\n" already would arrive as "\r\r\n". Returns what puts the
 * terminal back. Throws SyscallError (ENOTTY, EIO when the terminal is gone).
 */
export function makeTerminalRaw(fd: number): () => void {
  const before = Buffer.alloc(termiosBytes);
  checked(tcgetattr(fd, before), "tcgetattr", `fd ${fd}`);
  const raw = Buffer.from(before);
  cfmakeraw(raw);
  checked(tcsetattr(fd, TCSADRAIN, raw), "tcsetattr", `fd ${fd}`);
  return () => {
    checked(tcsetattr(fd, TCSADRAIN, before), "tcsetattr", `fd ${fd}`);
  };
}
