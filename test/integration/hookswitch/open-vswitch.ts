import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { patience } from "./switch-rig.js";

export interface Host {
  readonly netns: string;
  readonly address: string;
}

let made = 0;

/**
 * Two hosts, each a network namespace, and Open vSwitch between them in a third, with its userspace datapath: it needs no
 * module of the kernel. Everything is in a folder and in namespaces of its own.
 */
export class OpenVswitch {
  readonly folder = mkdtempSync(join(tmpdir(), "nmzt-switch-"));
  readonly hosts: readonly [Host, Host];
  readonly #netns: string;
  readonly #children: ChildProcess[] = [];

  constructor() {
    const prefix = `nmzt-sw-${process.pid}-${++made}`;
    this.#netns = prefix;
    this.hosts = [
      { netns: `${prefix}a`, address: "10.77.0.1" },
      { netns: `${prefix}b`, address: "10.77.0.2" },
    ];
    ip("netns", "add", prefix);
    ip("-n", prefix, "link", "set", "lo", "up");
    for (const [index, { netns, address }] of this.hosts.entries()) {
      ip("netns", "add", netns);
      ip("-n", netns, "link", "set", "lo", "up");
      // Made inside: the machine's own network never sees them.
      ip("-n", netns, "link", "add", "eth0", "type", "veth", "peer", "name", `port${index}`, "netns", prefix);
      ip("-n", netns, "address", "add", `${address}/24`, "dev", "eth0");
      ip("-n", netns, "link", "set", "eth0", "up");
      ip("-n", prefix, "link", "set", `port${index}`, "up");
      // A veth leaves checksums to hardware that is not there, and a switch in userspace hands them on as they are.
      ip("netns", "exec", netns, "ethtool", "-K", "eth0", "tx", "off");
    }
  }

  /** Resolves when frames go by what the controller says, and it has asked for those of this port. */
  async start(
    controller: readonly string[],
    env: Readonly<Record<string, string>>,
    port: number,
  ): Promise<void> {
    const database = join(this.folder, "conf.db");
    const remote = `unix:${join(this.folder, "db.sock")}`;
    execFileSync("ovsdb-tool", ["create", database, "/usr/share/openvswitch/vswitch.ovsschema"]);
    this.#spawn("ovsdb", ["ovsdb-server", database, `--remote=p${remote}`, ...this.#pidfile("ovsdb")]);
    await vi.waitFor(() => expect(existsSync(join(this.folder, "db.sock"))).toBe(true), patience);
    const vsctl = ["ovs-vsctl", `--db=${remote}`, "--timeout=30"];
    this.#run(...vsctl, "--no-wait", "init");
    this.#spawn("vswitchd", ["ovs-vswitchd", remote, ...this.#pidfile("vswitchd")]);
    this.#spawn("controller", [...controller, "--ofp-tcp-listen-port", "6653"], env);
    const bridge = [
      "add-br",
      "br0",
      "--",
      "set",
      "bridge",
      "br0",
      "datapath_type=netdev",
      "protocols=OpenFlow13",
    ];
    const ports = this.hosts.flatMap((_, index) => ["--", "add-port", "br0", `port${index}`]);
    const control = [
      "--",
      "set-fail-mode",
      "br0",
      "secure",
      "--",
      "set-controller",
      "br0",
      "tcp:127.0.0.1:6653",
    ];
    this.#run(...vsctl, "--", ...bridge, ...ports, ...control);
    const management = `unix:${join(this.folder, "br0.mgmt")}`;
    await vi.waitFor(() => {
      const flows = this.#run("ovs-ofctl", "-O", "OpenFlow13", "dump-flows", management);
      expect(flows, this.log("controller")).toContain(`tp_dst=${port}`);
    }, patience);
  }

  log(name: string): string {
    return readFileSync(join(this.folder, `${name}.log`), "utf8");
  }

  async stop(): Promise<void> {
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    for (const netns of [this.#netns, ...this.hosts.map((host) => host.netns)]) ip("netns", "del", netns);
    rmSync(this.folder, { recursive: true, force: true });
  }

  // Where they put what they were not told of, too.
  #env(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    const { folder } = this;
    const folders = { OVS_RUNDIR: folder, OVS_LOGDIR: folder, OVS_DBDIR: folder, OVS_SYSCONFDIR: folder };
    return { ...process.env, ...folders, ...more };
  }

  #pidfile(name: string): string[] {
    return [`--pidfile=${join(this.folder, `${name}.pid`)}`];
  }

  #run(...command: string[]): string {
    const words = ["netns", "exec", this.#netns, ...command];
    return execFileSync("ip", words, { encoding: "utf8", env: this.#env(), stdio: "pipe", timeout: 40_000 });
  }

  // "ip netns exec" becomes the command, so the child is the command.
  #spawn(name: string, command: readonly string[], more?: Readonly<Record<string, string>>): void {
    const log = openSync(join(this.folder, `${name}.log`), "w");
    const words = ["netns", "exec", this.#netns, ...command];
    this.#children.push(spawn("ip", words, { env: this.#env(more), stdio: ["ignore", log, log] }));
  }
}

function ip(...words: string[]): void {
  execFileSync("ip", words, { stdio: "pipe" });
}
