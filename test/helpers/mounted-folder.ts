import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { FilesystemHookPoint } from "../../runtime/kernel/fuse/index.js";

const program = fileURLToPath(new URL("../../dist/scripts/benchmarks/shaken-folder.js", import.meta.url));

/** The original's hook points. */
export const originalHooks: readonly FilesystemHookPoint[] = [
  "post-read",
  "post-opendir",
  "pre-mkdir",
  "pre-rmdir",
  "pre-fsync",
];

/** Every hook point there is. */
export const allHooks: readonly FilesystemHookPoint[] = [
  ...originalHooks,
  "pre-open",
  "pre-create",
  "pre-write",
  "pre-rename",
  "pre-unlink",
  "pre-truncate",
];

export interface MountedFolderOptions {
  readonly driver?: "kernel" | "fuse-native";
  readonly hooks?: readonly FilesystemHookPoint[];
  readonly isReadOnly?: boolean;
}

/** What the server said when it ended. */
export interface ServerReport {
  readonly events: number;
  readonly wasBusy: boolean;
}

/**
 * A fresh folder and its mirror, served by a process of its own (scripts/benchmarks/shaken-folder.ts) through
 * inspector, orchestrator and the policy `random` with delays of 0. `plain` is a folder beside it that nobody serves.
 */
export class MountedFolder {
  readonly #root: string;
  readonly #server: ChildProcessWithoutNullStreams;
  readonly #exit: Promise<number | null>;
  readonly #lines: string[] = [];
  #errors = "";

  private constructor(root: string, options: MountedFolderOptions) {
    this.#root = root;
    for (const folder of [this.source, this.path, this.plain]) mkdirSync(folder);
    const args = ["--driver", options.driver ?? "kernel", "--hooks", (options.hooks ?? []).join(",")];
    if (options.isReadOnly === true) args.push("--read-only");
    this.#server = spawn(process.execPath, [program, ...args, this.source, this.path]);
    this.#exit = new Promise((resolve) => this.#server.on("exit", resolve));
    this.#server.stderr.on("data", (data: Buffer) => {
      this.#errors += data.toString();
    });
  }

  /** On a disk (below /var/tmp), because a folder in memory has no O_DIRECT and no extents to speak of. */
  static async mount(options: MountedFolderOptions = {}): Promise<MountedFolder> {
    if (!existsSync(program)) throw new Error(`${program} is not built: npm run build`);
    const folder = new MountedFolder(mkdtempSync("/var/tmp/nmzc-mounted-"), options);
    await folder.#ready();
    return folder;
  }

  /** The backing folder. */
  get source(): string {
    return `${this.#root}/source`;
  }

  /** Where it is mounted. */
  get path(): string {
    return `${this.#root}/mount`;
  }

  /** A folder on the same disk, for comparison. */
  get plain(): string {
    return `${this.#root}/plain`;
  }

  /** The server's process id, for those who want to look into it. */
  get serverPid(): number {
    return this.#server.pid!;
  }

  /** Ends the server and removes all three folders. Throws when the server did not end well. */
  async unmount(): Promise<ServerReport> {
    this.#server.kill("SIGTERM");
    const code = await this.#exit;
    if (code !== 0) throw new Error(`the server of ${this.path} ended with ${code}: ${this.#errors}`);
    rmSync(this.#root, { recursive: true });
    return JSON.parse(this.#lines.at(-1) ?? "") as ServerReport;
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      createInterface(this.#server.stdout).on("line", (line) => {
        this.#lines.push(line);
        if (line === "ready") resolve();
      });
      void this.#exit.then((code) =>
        reject(new Error(`the server of ${this.path} ended with ${code}: ${this.#errors}`)),
      );
    });
  }
}
