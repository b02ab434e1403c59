import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRedisImage, redisImage } from "../helpers/redis-image.js";
import { requires } from "../helpers/requires.js";
import { runNmzc, startNmzc } from "../helpers/run-nmzc.js";
import { latestTrace } from "../helpers/traces.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image", "redis-cli", "redis-check-rdb");

const network = `nmzt-seed-${process.pid}`;
const [subnet, serverAddress, clientAddress] = ["198.18.77.0/24", "198.18.77.10", "198.18.77.11"];
const server = "redis-server --save '' --appendonly no --protected-mode no";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-seed-"));
  makeRedisImage();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function docker(...args: string[]): void {
  execFileSync("docker", args, { stdio: "pipe" });
}

interface Talk {
  readonly seed: string;
  /** The client's ephemeral ports. */
  readonly ports: string;
  readonly pauseSeconds: number;
}

/** A server and a client, each in a run of its own; their out folders. */
async function talk(name: string, { seed, ports, pauseSeconds }: Talk): Promise<readonly [string, string]> {
  const outs = [join(folder, name, "server"), join(folder, name, "client")] as const;
  const run = (out: string, address: string, script: string) => [
    ...["run", "--rm", "--network", network, "--ip", address, "--nmz-seed", seed, "--nmz-out", out],
    ...["--sysctl", `net.ipv4.ip_local_port_range=${ports}`, redisImage, "bash", "-c", script],
  ];
  const started = startNmzc(run(outs[0], serverAddress, `exec ${server}`));
  await started.stdoutHas("Ready to accept connections");
  const cli = `redis-cli -h ${serverAddress}`;
  const script = `sleep ${pauseSeconds}; ${cli} -r 8 INCR hits; sleep ${pauseSeconds}; ${cli} RPUSH list a b c
    ${cli} LRANGE list 0 -1; ${cli} SHUTDOWN NOSAVE`;
  const client = await runNmzc(run(outs[1], clientAddress, script));
  expect(client, client.stderr).toMatchObject({
    exitCode: 0,
    stdout: "1\n2\n3\n4\n5\n6\n7\n8\n3\na\nb\nc\n",
  });
  expect(await started.finished).toMatchObject({ exitCode: 0 });
  return outs;
}

/** What was decided on packets, by what it was decided for. */
function decisions(out: string): Map<string, string> {
  const byKey = new Map<string, string>();
  for (const { entity, hint, n, action, delayMs } of latestTrace(out)) {
    if (/^tcp:/.test(String(hint))) byKey.set(`${entity} ${hint} ${n}`, `${action} ${delayMs}`);
  }
  return byKey;
}

function clientPorts(out: string): Set<string> {
  const ends = latestTrace(out).flatMap(({ src, dst }) => [String(src), String(dst)]);
  return new Set(ends.filter((end) => end.includes(`-${clientAddress}:`)));
}

describe("The seed", () => {
  it("decides the same on the same packets of a real client and server, whose ports and timings differ", async () => {
    docker("network", "create", "--subnet", subnet, network);
    try {
      const first = await talk("first", { seed: "4f1c", ports: "40000 40500", pauseSeconds: 0 });
      const second = await talk("second", { seed: "4f1c", ports: "50000 50500", pauseSeconds: 0.4 });
      const other = await talk("other", { seed: "beef", ports: "40000 40500", pauseSeconds: 0 });
      for (const side of [0, 1] as const) {
        const [once, again, differently] = [first, second, other].map((outs) => decisions(outs[side]));
        const shared = [...once!].filter(([key]) => again!.has(key));
        // Acknowledgements are sent when the kernel thinks it is time; the rest are the same packets.
        expect(shared.length).toBeGreaterThan(once!.size / 2);
        expect(shared).toEqual(shared.map(([key]) => [key, again!.get(key)]));
        expect(
          [...once!].filter(([key, decision]) => differently!.get(key) === decision).length,
        ).toBeLessThan(3);
        const ports = clientPorts(second[side]);
        expect([...clientPorts(first[side])].filter((port) => ports.has(port))).toEqual([]);
      }
    } finally {
      docker("network", "rm", network);
    }
  });
});
