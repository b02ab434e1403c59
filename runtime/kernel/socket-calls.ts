import { libcFunction } from "./libc.js";

/** Calls on sockets of families that Node does not speak, or in ways that it does not offer; and their constants. */
export const socket = libcFunction("int socket(int domain, int type, int protocol)");
export const bind = libcFunction("int bind(int fd, const void *address, uint32_t length)");
export const setsockopt = libcFunction(
  "int setsockopt(int fd, int level, int option, const void *value, uint32_t length)",
);
export const getsockname = libcFunction("int getsockname(int fd, void *address, void *length)");

export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const SOCK_STREAM = 1;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_BROADCAST = 6;
export const SO_RCVTIMEO = 20;
export const SO_RCVBUFFORCE = 33;
export const SO_MARK = 36;
export const MSG_DONTWAIT = 0x40;
