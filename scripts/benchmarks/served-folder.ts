import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { repositoryRoot, runYardstick, yardstick } from "./yardsticks.js";

/** Who serves: our inspector with a driver and hooks, the C limit, or nobody (the plain folder). */
export type Side =
  | { readonly kind: "ours"; readonly driver: "kernel" | "fuse-native"; readonly hooks: readonly string[] }
  | { readonly kind: "limit" }
  | { readonly kind: "plain" };

/** One folder on disk, and processes that mirror it side by side, so that each measures over the same disk. */
export class ServedFolder {
  readonly #root = mkdtempSync("/var/tmp/nmzc-bench-fuse-");
  readonly #servers: ChildProcess[] = [];

  constructor() {
    mkdirSync(this.#source);
  }

  get #source(): string {
    return `${this.#root}/source`;
  }

  /** Starts a server, and gives what runs one part of `fsb` through it: its figure by that name. */
  async side(side: Side): Promise<(part: string, count: number) => Promise<number>> {
    const place = `${this.#servers.length}-${side.kind}`;
    mkdirSync(`${this.#source}/${place}`);
    const mirror = side.kind === "plain" ? this.#source : await this.#serve(place, side);
    return async (part, count) => {
      const figures = await runYardstick("fsb", [`${mirror}/${place}`, count, part]);
      const figure = figures[part.replace("seqhot", "seq")];
      if (figure === undefined) throw new Error(`fsb told nothing about ${part}`);
      return figure;
    };
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      const exited = once(server, "exit");
      server.kill("SIGTERM");
      await exited;
    }
    rmSync(this.#root, { recursive: true, force: true });
  }

  async #serve(place: string, side: Exclude<Side, { kind: "plain" }>): Promise<string> {
    const mountPoint = `${this.#root}/${place}`;
    mkdirSync(mountPoint);
    const [command, args] =
      side.kind === "limit"
        ? [yardstick("fuselimit"), []]
        : [
            process.execPath,
            [
              `${repositoryRoot}dist/scripts/benchmarks/shaken-folder.js`,
              ...["--driver", side.driver, "--hooks", side.hooks.join(",")],
            ],
          ];
    const server = spawn(command, [...args, this.#source, mountPoint], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      createInterface(server.stdout).on("line", (line) => line === "ready" && resolve());
      server.on("exit", (code) => reject(new Error(`the server ${command} ended with ${code}`)));
    });
    return mountPoint;
  }
}
