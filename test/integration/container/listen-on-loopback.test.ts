import { execFileSync } from "node:child_process";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listenOnLoopback } from "../../../runtime/kernel/index.js";
import { requires } from "../../helpers/requires.js";

requires("root", "netns", "ip", "perl");

const name = `nmzt-listen-${process.pid}`;
const path = `/var/run/netns/${name}`;

beforeAll(() => {
  execFileSync("ip", ["netns", "add", name]); // its loopback interface is down
});
afterAll(() => {
  execFileSync("ip", ["netns", "del", name]);
});

function inside(...command: string[]): string {
  return execFileSync("ip", ["netns", "exec", name, ...command], { encoding: "utf8" });
}

function serve(fd: number): Promise<Server> {
  const server = createServer((socket) => socket.end("hello from outside"));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ fd }, () => resolve(server));
  });
}

describe("listenOnLoopback", () => {
  it("listens inside the namespace before its loopback interface is up, and is reached once it is", async () => {
    const { fd, port } = listenOnLoopback(path);
    const server = await serve(fd);
    try {
      expect(server.address()).toMatchObject({ address: "127.0.0.1", port });
      inside("ip", "link", "set", "lo", "up");
      const client = `use IO::Socket::INET;
        print IO::Socket::INET->new(PeerHost => "127.0.0.1", PeerPort => ${port}) ? "yes" : "no: $!"`;
      expect(inside("perl", "-e", client)).toBe("yes");
      expect(inside("ss", "-Htln")).toContain(`127.0.0.1:${port}`);
      expect(execFileSync("ss", ["-Htln", `sport = :${port}`], { encoding: "utf8" })).not.toContain(
        `127.0.0.1:${port} `,
      );
    } finally {
      server.close();
    }
  });

  it("gives each listener a port of its own", async () => {
    const servers = await Promise.all([1, 2].map(() => serve(listenOnLoopback(path).fd)));
    const ports = servers.map((server) => server.address() as { port: number });
    expect(ports[0]!.port).not.toBe(ports[1]!.port);
    for (const server of servers) server.close();
  });

  it("says which namespace is not there", () => {
    expect(() => listenOnLoopback(`${path}-none`)).toThrow("ENOENT");
  });
});
