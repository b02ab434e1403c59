import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { machineState } from "../helpers/machine-state.js";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc, startNmzc } from "../helpers/run-nmzc.js";
import { latestRun, latestTrace } from "../helpers/traces.js";

requires("root", "docker", "fuse", "nfqueue", "built", "base-image");

const prefix = `nmzt-network-${process.pid}`;
const server = `use IO::Socket::IP; $| = 1;
my $s = IO::Socket::IP->new(LocalHost => $ARGV[0], LocalPort => 7000, Listen => 5, ReuseAddr => 1) or die $@;
print "listening\\n"; my $c = $s->accept; while (<$c>) { print $c "echo $_" }`;
const client = `use IO::Socket::IP;
my $s = IO::Socket::IP->new(PeerHost => $ARGV[0], PeerPort => 7000) or die $@;
for (1..5) { print $s "$_\\n"; print scalar <$s> }`;
const answers = "echo 1\necho 2\necho 3\necho 4\necho 5\n";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-network-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function docker(...args: string[]): string {
  return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

function rulesIn(pid: string): string {
  return ["iptables-save", "ip6tables-save"]
    .map((command) => execFileSync("nsenter", ["-t", pid, "-n", command], { encoding: "utf8" }))
    .join("");
}

async function talk(network: string, flags: string[], listenAt: string, peer: string): Promise<void> {
  const out = join(folder, network);
  const started = startNmzc([
    "run",
    "--rm",
    "--network",
    network,
    ...flags,
    baseImage,
    "perl",
    "-e",
    server,
    listenAt,
  ]);
  await started.stdoutHas("listening");
  const args = ["run", "--rm", "--network", network, "--nmz-out", out, baseImage, "perl", "-e", client, peer];
  expect(await runNmzc(args)).toMatchObject({ exitCode: 0, stdout: answers });
  expect((await started.finished).exitCode).toBe(0);
  const ethernet = latestRun(out).inspectors.find(({ inspector }) => inspector === "ethernet");
  expect(ethernet?.events).toBeGreaterThan(5);
}

describe("A network of the user's own", () => {
  it("carries shaken TCP between two runs that find each other by name", async () => {
    const network = `${prefix}-own`;
    docker("network", "create", network);
    try {
      await talk(network, ["--name", `${network}-server`], "0.0.0.0", `${network}-server`);
    } finally {
      docker("network", "rm", network);
    }
  });

  it("carries shaken IPv6", async () => {
    const network = `${prefix}-six`;
    docker("network", "create", "--ipv6", "--subnet", "fd00:6e6d:7a63::/64", network);
    try {
      await talk(network, ["--ip6", "fd00:6e6d:7a63::99"], "::", "fd00:6e6d:7a63::99");
      expect(JSON.stringify(latestTrace(join(folder, network)))).toContain("fd00:6e6d:7a63::99");
    } finally {
      docker("network", "rm", network);
    }
  });
});

describe("--network container:", () => {
  it("shakes in that container's namespace, two runs at once too, and leaves no rule in it", async () => {
    const other = docker("run", "-d", "--rm", baseImage, "sleep", "100");
    try {
      const pid = docker("inspect", "-f", "{{.State.Pid}}", other);
      const args = ["run", "--rm", "--network", `container:${other}`, "--nmz-out"];
      const script = "for i in $(seq 10); do echo q >/dev/udp/127.0.0.1/9; sleep 0.1; done";
      const outs = ["one", "two"].map((name) => join(folder, name));
      const runs = outs.map((out) => runNmzc([...args, out, baseImage, "bash", "-c", script]));
      for (const run of await Promise.all(runs)) expect(run.exitCode, run.stderr).toBe(0);
      // Who sends a packet cannot be seen in a shared namespace: one of the runs shakes it, never both.
      const datagrams = outs.flatMap((out) => latestTrace(out).map(({ hint }) => String(hint)));
      expect(datagrams.filter((hint) => hint.startsWith("udp:output:127.0.0.1>127.0.0.1:9"))).toHaveLength(
        20,
      );
      expect(rulesIn(pid)).not.toContain("NFQUEUE");
      expect(docker("inspect", "-f", "{{.State.Running}}", other)).toBe("true");
    } finally {
      docker("rm", "--force", other);
    }
  });

  it("is refused when that one shares the host's network, by however many steps", async () => {
    const first = docker("run", "-d", "--rm", "--network", "host", baseImage, "sleep", "100");
    const second = docker("run", "-d", "--rm", "--network", `container:${first}`, baseImage, "sleep", "100");
    try {
      const { hostRules } = machineState();
      for (const id of [first, second]) {
        const { exitCode, stderr } = await runNmzc([
          "run",
          "--rm",
          "--network",
          `container:${id}`,
          baseImage,
          "true",
        ]);
        expect(exitCode).toBe(125);
        expect(stderr).toContain("would shake the packets of the whole host");
      }
      expect(machineState().hostRules).toEqual(hostRules);
    } finally {
      // In this order, one by one: Podman removes several at once, and none that another stands on.
      docker("rm", "--force", second);
      docker("rm", "--force", first);
    }
  });
});

describe("The host's network", () => {
  it("is shared when packets are not shaken, with the threads shaken from the first one on", async () => {
    const args = ["run", "--rm", "--network", "host", "--nmz-disable", "ethernet", baseImage];
    const finished = await runNmzc([...args, "sh", "-c", "exec chrt -p $$"]);
    expect(finished.stdout).toContain("SCHED_BATCH");
    expect(finished.stderr).not.toContain("before the inspectors");
  });
});

describe("A published port", () => {
  it("is reached from the host, and nothing of it stays", async () => {
    const before = machineState();
    const port = 20_000 + (process.pid % 10_000);
    const publish = `127.0.0.1:${port}:7000`;
    const args = ["run", "--rm", "-p", publish, baseImage, "perl", "-e", server, "0.0.0.0"];
    const nmzc = startNmzc(args);
    await nmzc.stdoutHas("listening");
    const socket = connect(port, "127.0.0.1", () => socket.write("hello\n"));
    let heard = "";
    socket.on("data", (data) => {
      heard += data.toString();
    });
    await vi.waitFor(() => expect(heard).toBe("echo hello\n"), { timeout: 10_000 });
    socket.end();
    expect((await nmzc.finished).exitCode).toBe(0);
    expect(machineState()).toEqual(before);
  });
});

describe("The config", () => {
  it("chooses packets by direction and by port", async () => {
    const file = join(folder, "match.toml");
    const enable = "[container]\nenableEthernetInspector = true\n[ethernet]\n";
    writeFileSync(file, `${enable}directions = ["input"]\nmatch = [{ protocol = "udp", ports = [9] }]\n`);
    const out = join(folder, "match");
    const script = "echo q >/dev/udp/127.0.0.1/9; echo q >/dev/udp/127.0.0.1/10";
    const args = ["run", "--rm", "--nmz-autopilot", file, "--nmz-out", out, baseImage, "bash", "-c", script];
    expect((await runNmzc(args)).exitCode).toBe(0);
    const hints = latestTrace(out)
      .map(({ hint }) => String(hint))
      .filter((hint) => !hint.startsWith("threads"));
    expect(hints).toHaveLength(1);
    expect(hints[0]).toMatch(/^udp:input:127\.0\.0\.1>127\.0\.0\.1:9:/);
  });
});
