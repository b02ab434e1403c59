import { closeSync } from "node:fs";
import { checked, libcFunction } from "../libc.js";
import {
  AF_INET,
  bind,
  getsockname,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  setsockopt,
  socket,
} from "../socket-calls.js";
import { inNetns } from "./in-netns.js";

const listen = libcFunction("int listen(int fd, int backlog)");

const IPPROTO_IP = 0;
const IP_FREEBIND = 15;
const backlog = 511;

export interface LoopbackListener {
  /** For node's `server.listen({ fd })`, which closes it with the server. */
  readonly fd: number;
  readonly port: number;
}

/**
 * A TCP socket that listens at 127.0.0.1 inside the network namespace at `netnsPath`, at a port that is free there. It
 * may be made before the namespace's loopback interface is up; nobody can connect until then. Throws SyscallError.
 */
export function listenOnLoopback(netnsPath: string): LoopbackListener {
  return inNetns(netnsPath, () => {
    const fd = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket", "AF_INET");
    try {
      // The container runtime's waiting process is caught before the engine has brought `lo` and its address up.
      const one = Buffer.alloc(4);
      one.writeInt32LE(1);
      checked(setsockopt(fd, IPPROTO_IP, IP_FREEBIND, one, one.length), "setsockopt", "IP_FREEBIND");
      const address = Buffer.alloc(16); // struct sockaddr_in; port 0 asks for a free one
      address.writeUInt16LE(AF_INET, 0);
      address.set([127, 0, 0, 1], 4);
      checked(bind(fd, address, address.length), "bind", "127.0.0.1");
      checked(listen(fd, backlog), "listen", "127.0.0.1");
      const length = Buffer.alloc(4);
      length.writeUInt32LE(address.length);
      checked(getsockname(fd, address, length), "getsockname", "127.0.0.1");
      return { fd, port: address.readUInt16BE(2) };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  });
}
