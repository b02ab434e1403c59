import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requires } from "../../helpers/requires.js";
import { runNmzc } from "../../helpers/run-nmzc.js";
import { hostRules, TestNetns } from "../ethernet/test-netns.js";
import { traffic } from "../ethernet/traffic.js";
import { attached, interrupted, journalsOf, Workplace } from "./inspector-command.js";

requires("root", "nfqueue", "netns", "ip", "built");

const nmz = fileURLToPath(new URL("../../../dist/bin/nmz.js", import.meta.url));
let workplace: Workplace;
let netns: TestNetns;
let rulesBefore: string[];
let hostRulesBefore: string;
beforeEach(() => {
  workplace = new Workplace();
  netns = new TestNetns();
  rulesBefore = ruleLines();
  hostRulesBefore = hostRules();
});
afterEach(() => {
  expect(hostRules()).toBe(hostRulesBefore);
  netns.remove();
  workplace.remove();
});

/** Rules and chains; the empty tables that iptables makes for them are none. */
function ruleLines(): string[] {
  return netns
    .rules()
    .split("\n")
    .filter((line) => line.startsWith("-A ") || line.startsWith(":NMZC"));
}

/** A few TCP messages over the namespace's loopback, to port 5001 and back. */
function messages(host = "127.0.0.1"): Promise<unknown> {
  return traffic(netns.name, "tcp-messages", host, 5);
}

function holding(delay: string): string {
  return workplace.file("hold.toml", `explorePolicy = "dumb"\n[explorePolicyParam]\ninterval = "${delay}"\n`);
}

function events(said: string): number {
  return Number(/: (\d+) events \(ethernet/.exec(said)?.[1]);
}

/** Waits until the program has said it. */
function says(child: ChildProcess, text: string, on: "stdout" | "stderr" = "stderr"): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child[on]?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text)) resolve();
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code} before it said "${text}": ${said}`)));
  });
}

/** What it says on stderr from here to its end. */
async function rest(child: ChildProcess): Promise<string> {
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child, "close");
  return said;
}

describe("nmz inspectors ethernet --install-rule", () => {
  it("catches what the filter says, for both IP versions, and takes the rules away at the end", async () => {
    const words = ["--install-rule", "--netns", netns.name, "--protocol", "tcp", "--port", "5001"];
    const started = await attached("ethernet", ...words, "-autopilot", holding("1ms"));
    expect(netns.run("iptables-save", "-t", "mangle")).toContain("--dport 5001 -j NFQUEUE");
    expect(netns.run("ip6tables-save", "-t", "mangle")).toContain("--dport 5001 -j NFQUEUE");
    await traffic(netns.name, "udp-burst", "127.0.0.1", 10, 500);
    await messages();
    await messages("::1");
    const said = await interrupted(started);
    expect(said).toContain("shaking packets of tcp, port 5001, output, in network namespace");
    expect(events(said)).toBeGreaterThan(10);
    expect(ruleLines()).toEqual(rulesBefore);
    expect(journalsOf(started.process.pid!)).toEqual([]);
  });

  it("catches what one user sends, and nothing else", async () => {
    const words = ["--install-rule", "--netns", netns.name, "--uid-owner", "54321"];
    const started = await attached("ethernet", ...words, "-autopilot", holding("1ms"));
    await messages();
    expect(events(await interrupted(started))).toBe(0);
  });

  it("is cleaned up after by nmz prune when it was killed, although its namespace was its own", async () => {
    const command = ["netns", "exec", netns.name, process.execPath, nmz, "inspectors", "ethernet"];
    const child = spawn("ip", [...command, "--install-rule"], { stdio: ["ignore", "ignore", "pipe"] });
    await says(child, "shaking every packet");
    expect(netns.rules()).toContain("NMZC-42");
    child.kill("SIGKILL"); // ip has become the command by exec(2)
    await once(child, "exit");
    await messages(); // passes: nobody serves the queue
    const { stdout } = await runNmzc(["prune"], { command: "nmz" });
    expect(stdout).toContain("rules for queue 42");
    expect(ruleLines()).toEqual(rulesBefore);
  });

  it("refuses a queue that another program serves when it was told that one", async () => {
    const first = await attached("ethernet", "-nfq-number", "7", "--netns", netns.name);
    const words = ["inspectors", "ethernet", "--install-rule", "-nfq-number", "7", "--netns", netns.name];
    const { exitCode, stderr } = await runNmzc(words, { command: "nmz" });
    expect(exitCode).toBe(125);
    expect(stderr).toContain("queue 7 is served by another program");
    await interrupted(first);
    expect(ruleLines()).toEqual(rulesBefore);
  });
});

describe("nmz inspectors ethernet --nfq-number", () => {
  it("serves a queue that the user's rules lead to, and says which command makes one", async () => {
    const started = await attached(
      "ethernet",
      "-nfq-number=43",
      "-netns",
      netns.name,
      "-autopilot",
      holding("1ms"),
    );
    const rule = "-t mangle -A OUTPUT -j NFQUEUE --queue-num 43 --queue-bypass";
    netns.run("iptables", ...rule.split(" "));
    await messages();
    const said = await interrupted(started);
    expect(said).toContain(`nsenter --net=/run/netns/${netns.name} iptables ${rule}`);
    expect(events(said)).toBeGreaterThan(10);
    const again = await attached("ethernet", "-nfq-number=43", "-netns", netns.name);
    expect(await interrupted(again)).not.toContain("no rule leads");
  });

  it("works word for word as Namazu's, on the host of its orchestrator, whose own packets are never held", async () => {
    const orchestrator = inNetns("orchestrator", "--rest-port", "10080", holding("5ms"));
    await says(orchestrator, "127.0.0.1:10080", "stdout");
    netns.run("iptables", ..."-A OUTPUT -p tcp -j NFQUEUE --queue-num 42".split(" "));
    const words = "-nfq-number 42 -orchestrator-url http://127.0.0.1:10080/api/v3 -entity-id foo";
    const inspector = inNetns("inspectors", "ethernet", ...words.split(" "));
    await says(inspector, "shaking the packets of queue 42");
    await messages();
    const end = rest(inspector);
    inspector.kill("SIGINT");
    const said = await end;
    expect(events(said)).toBeGreaterThan(10);
    expect(said).not.toContain("unseen");
    orchestrator.kill("SIGINT");
    await once(orchestrator, "exit");
  });

  function inNetns(...words: readonly string[]): ChildProcess {
    const command = ["netns", "exec", netns.name, process.execPath, nmz, ...words];
    return spawn("ip", command, { stdio: ["ignore", "pipe", "pipe"] });
  }
});

describe("nmz inspectors ethernet --netns", () => {
  it("says when there is no such namespace", async () => {
    const words = ["inspectors", "ethernet", "-nfq-number", "1", "--netns", "nmzt-absent"];
    const { exitCode, stderr } = await runNmzc(words, { command: "nmz" });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("/run/netns/nmzt-absent is not there");
  });
});
