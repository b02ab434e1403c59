import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { baseImage, requires } from "../helpers/requires.js";
import { runNmzc } from "../helpers/run-nmzc.js";
import { latestTrace } from "../helpers/traces.js";

requires("root", "docker", "nfqueue", "iptables", "built", "base-image");

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-replay-by-place-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Questions and answers over TCP, each with a key that is drawn anew in each run.
const dialogue = `
  use IO::Socket::INET;
  sub key { open(my $f, "<", "/dev/urandom"); read($f, my $bytes, 8); unpack("H*", $bytes) }
  my $server = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:7000") or die;
  if (fork == 0) {
    my $peer = $server->accept; $peer->autoflush;
    while (<$peer>) { print $peer "answer ", key(), "\\n" }
    exit 0;
  }
  my $peer = IO::Socket::INET->new("127.0.0.1:7000") or die; $peer->autoflush;
  for (1 .. 8) { print $peer "question ", key(), "\\n"; <$peer> }
  close $peer; wait;`;

const autopilot = `explorePolicy = "random"
[explorePolicyParam]
maxInterval = "20ms"
[container]
enableEthernetInspector = true
enableProcInspector = false
enableFSInspector = false
[[ethernet.match]]
protocol = "tcp"
ports = "7000"
`;

/** How long each packet with a key in it was held, in their order; what TCP sent once more is left out. */
function delaysIn(out: string, ends: string): number[] {
  return latestTrace(out)
    .filter(({ hint, n }) => String(hint).startsWith(`tcp:output:${ends}:data:`) && n === 1)
    .sort((a, b) => Number(a["arrived"]) - Number(b["arrived"]))
    .map(({ delayMs }) => Number(delayMs));
}

describe("nmzc replay, of a dialogue whose packets are never the same", () => {
  it("holds each packet as the one in its place was held", async () => {
    const [out, again, config] = ["out", "again", "shake.toml"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(config, autopilot);
    const words = ["run", "--rm", "--nmz-autopilot", config, "--nmz-out", out, baseImage, "perl", "-e"];
    const recorded = await runNmzc([...words, dialogue]);
    expect(recorded.exitCode, recorded.stderr).toBe(0);
    const replayed = await runNmzc(["replay", "--nmz-out", again, out]);
    expect(replayed.exitCode, replayed.stderr).toBe(0);
    expect(replayed.stderr).toMatch(/replayed \d+ of \d+ decisions, 16 of them by place/);
    for (const ends of ["127.0.0.1>127.0.0.1:7000", "127.0.0.1:7000>127.0.0.1"]) {
      expect(delaysIn(out, ends)).toHaveLength(8);
      expect(delaysIn(again, ends)).toEqual(delaysIn(out, ends));
    }
  });
});
