import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";

/** A program on a host of the test's own, and all that it has said. */
export class HostProgram {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  #said = "";
  readonly #more = new EventEmitter();

  constructor(process: ChildProcess) {
    this.process = process;
    // Not "close": a program that was killed may leave children that hold its streams.
    this.ended = once(process, "exit").then(() => this.#more.emit("more"));
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#said += chunk.toString();
        this.#more.emit("more");
      });
    }
  }

  /** Stdout and stderr, in the order in which they came. */
  get said(): string {
    return this.#said;
  }

  /** Waits until it has said the text after `from` (a length of `said`). */
  async says(text: string, from = 0): Promise<void> {
    while (!this.#said.slice(from).includes(text)) {
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        throw new Error(`ended before it said "${text}": ${this.#said}`);
      }
      await once(this.#more, "more");
    }
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill(signal);
    await this.ended;
  }
}

/**
 * Hosts on one bridge: network namespaces with a link each to a namespace that has the bridge, so that nothing of the
 * machine's own network is touched. Host n is 10.77.0.<n>, the bridge's own address is 10.77.0.254.
 */
export class Hosts {
  readonly hub = `nmzt-hub-${process.pid}`;
  readonly hubAddress = "10.77.0.254";
  readonly #names: string[] = [];

  constructor(count: number) {
    ip("netns", "add", this.hub);
    ip("-n", this.hub, "link", "add", "br0", "type", "bridge");
    ip("-n", this.hub, "address", "add", `${this.hubAddress}/24`, "dev", "br0");
    for (const device of ["lo", "br0"]) ip("-n", this.hub, "link", "set", device, "up");
    for (let number = 1; number <= count; number++) this.#add(number);
  }

  address(number: number): string {
    return `10.77.0.${number}`;
  }

  /** Starts a program on a host, 0 being the bridge's; it sees the machine's files and mounts. */
  start(number: number, command: readonly string[], env: NodeJS.ProcessEnv = {}): HostProgram {
    const netns = number === 0 ? this.hub : this.#names[number - 1];
    const words = [`--net=/run/netns/${netns}`, "--", ...command];
    const environment = { ...process.env, ...env };
    return new HostProgram(spawn("nsenter", words, { stdio: ["ignore", "pipe", "pipe"], env: environment }));
  }

  remove(): void {
    for (const name of [...this.#names, this.hub]) ip("netns", "del", name);
  }

  #add(number: number): void {
    const name = `nmzt-host${number}-${process.pid}`;
    ip("netns", "add", name);
    this.#names.push(name);
    ip("-n", this.hub, "link", "add", `host${number}`, "type", "veth", "peer", "name", "eth0", "netns", name);
    ip("-n", this.hub, "link", "set", `host${number}`, "master", "br0", "up");
    ip("-n", name, "address", "add", `${this.address(number)}/24`, "dev", "eth0");
    for (const device of ["lo", "eth0"]) ip("-n", name, "link", "set", device, "up");
  }
}

function ip(...words: readonly string[]): void {
  execFileSync("ip", words, { stdio: "pipe" });
}
