import { closeSync } from "node:fs";
import { checked, libcFunction } from "../libc.js";
import { inNetns } from "../netns/index.js";
import {
  AF_INET,
  AF_INET6,
  MSG_DONTWAIT,
  SO_BROADCAST,
  SO_MARK,
  SOCK_CLOEXEC,
  SOCK_RAW,
  SOL_SOCKET,
  setsockopt,
  socket,
} from "../socket-calls.js";

const sendto = libcFunction(
  "intptr_t sendto(int fd, const void *buffer, uintptr_t length, int flags, const void *address, uint32_t addressLength)",
);

const IPPROTO_RAW = 255;

/**
 * On every packet that is injected ("NMZC"): one that comes back to a queue is known by it, whoever wrote the rules. It
 * ends at the border of the namespace.
 */
export const injectedMark = 0x4e4d5a43;

/** Sends whole IP packets into a network namespace as if they had come from wherever they say. */
export interface PacketInjector {
  /**
   * Sends it where its header says; to an address of the namespace itself, whatever the source, it arrives over `lo`. The
   * transport's checksum must be right, that of the IP header is written by the kernel. Throws SyscallError: EMSGSIZE
   * where it is too long for the interface it would leave by.
   */
  inject(packet: Uint8Array): void;
  close(): void;
}

/** Opens its sockets when they are first used. Until `close` the path must lead to the namespace. */
export function openPacketInjector(netnsPath: string): PacketInjector {
  const sockets = new Map<number, number>();
  return {
    inject(packet) {
      const family = packet[0]! >> 4 === 6 ? AF_INET6 : AF_INET;
      let fd = sockets.get(family);
      if (fd === undefined) {
        fd = openRawSocket(netnsPath, family);
        sockets.set(family, fd);
      }
      const address = addressOf(packet, family);
      checked(
        sendto(fd, packet, packet.length, MSG_DONTWAIT, address, address.length),
        "sendto",
        `a packet of ${packet.length} bytes`,
      );
    },
    close() {
      for (const fd of sockets.values()) closeSync(fd);
      sockets.clear();
    },
  };
}

/** IPPROTO_RAW receives nothing, and means that the header is in what is sent (raw(7)). */
function openRawSocket(netnsPath: string, family: number): number {
  return inNetns(netnsPath, () => {
    const fd = checked(socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), "socket", "SOCK_RAW");
    try {
      const value = Buffer.alloc(4);
      value.writeUInt32LE(injectedMark);
      checked(setsockopt(fd, SOL_SOCKET, SO_MARK, value, value.length), "setsockopt", "SO_MARK");
      value.writeUInt32LE(1);
      checked(setsockopt(fd, SOL_SOCKET, SO_BROADCAST, value, value.length), "setsockopt", "SO_BROADCAST");
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  });
}

/** struct sockaddr_in or sockaddr_in6 of its destination. */
function addressOf(packet: Uint8Array, family: number): Buffer {
  const address = Buffer.alloc(family === AF_INET ? 16 : 28);
  address.writeUInt16LE(family, 0);
  if (family === AF_INET) address.set(packet.subarray(16, 20), 4);
  else address.set(packet.subarray(24, 40), 8);
  return address;
}
