import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { InspectorFigures } from "./nfq-inspector.js";
import { repositoryRoot, runYardstick, yardstick } from "./yardsticks.js";

/** Who serves the queue: our inspector with the bounds of policy `random`, the C limit, or the npm package. */
export type Server =
  | {
      readonly kind: "ours";
      readonly minInterval: string;
      readonly maxInterval: string;
      /** Chance is drawn for each packet, as soon as it is above 0. Default 0. */
      readonly faultProbability?: number;
      /** Default: nothing is recorded. */
      readonly traceFile?: string;
    }
  | { readonly kind: "limit" }
  | { readonly kind: "package" };

let made = 0;
const readyWithinMs = 20_000;

/** A network namespace with a loopback interface all of whose packets go through a queue served by one process. */
export class QueuedNetns {
  readonly name = `nmzc-bench-${process.pid}-${++made}`;
  readonly #server: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(server: Server) {
    execFileSync("ip", ["netns", "add", this.name]);
    this.#inside("ip", "link", "set", "lo", "up");
    const program = (name: string) => `${repositoryRoot}dist/scripts/benchmarks/${name}.js`;
    const enter = ["ip", "netns", "exec", this.name];
    const command =
      server.kind === "ours"
        ? [
            process.execPath,
            program("nfq-inspector"),
            `/var/run/netns/${this.name}`,
            server.minInterval,
            server.maxInterval,
            String(server.faultProbability ?? 0),
            ...(server.traceFile === undefined ? [] : [server.traceFile]),
          ]
        : server.kind === "limit"
          ? [...enter, yardstick("nfqlimit"), "42"]
          : [...enter, process.execPath, program("nfq-package"), "42"];
    this.#server = spawn(command[0]!, command.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
    this.#lines = createInterface(this.#server.stdout!)[Symbol.asyncIterator]();
  }

  static async start(server: Server): Promise<QueuedNetns> {
    const netns = new QueuedNetns(server);
    if (!(await netns.#isReady())) {
      netns.#server.kill("SIGKILL");
      execFileSync("ip", ["netns", "del", netns.name]);
      throw new Error(`the server of kind "${server.kind}" was not ready within ${readyWithinMs / 1000} s`);
    }
    if (server.kind !== "ours") {
      const rule = ["-A", "OUTPUT", "-j", "NFQUEUE", "--queue-num", "42", "--queue-bypass"];
      netns.#inside("iptables", "-t", "mangle", ...rule);
    }
    return netns;
  }

  /** Two servers for one measurement; both are stopped, whatever comes of it. */
  static async both<Result>(
    first: Server,
    second: Server,
    measure: (first: QueuedNetns, second: QueuedNetns) => Promise<Result>,
  ): Promise<Result> {
    const a = await QueuedNetns.start(first);
    try {
      const b = await QueuedNetns.start(second);
      try {
        return await measure(a, b);
      } finally {
        await b.stop();
      }
    } finally {
      await a.stop();
    }
  }

  run(name: string, ...args: number[]): Promise<Record<string, number>> {
    return runYardstick(name, args, { netns: this.name, timeoutMs: 60_000 });
  }

  /** Ends the server and removes the namespace; gives what our inspector has to say. */
  async stop(): Promise<InspectorFigures | undefined> {
    const exited = once(this.#server, "exit");
    this.#server.kill("SIGTERM");
    const { value } = await this.#lines.next();
    await exited;
    execFileSync("ip", ["netns", "del", this.name]);
    return value === undefined ? undefined : (JSON.parse(value) as InspectorFigures);
  }

  async #isReady(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), readyWithinMs);
    });
    const line = await Promise.race([this.#lines.next(), tooLong]);
    clearTimeout(timer);
    return line?.value === "ready";
  }

  #inside(...command: string[]): void {
    execFileSync("ip", ["netns", "exec", this.name, ...command]);
  }
}
