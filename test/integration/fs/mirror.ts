import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import type {
  FilesystemHookPoint,
  FilesystemServer,
  HeldOperation,
  StartFilesystemServer,
} from "../../../runtime/kernel/index.js";

const execute = promisify(execFile);

export interface MirrorOptions {
  /** The driver's. */
  readonly start: StartFilesystemServer;
  readonly hooks?: readonly FilesystemHookPoint[];
  readonly isReadOnly?: boolean;
  readonly readsDirectly?: boolean;
  /** Default: a fresh folder. */
  readonly source?: string;
  /** Default: every operation goes on at once. */
  readonly onOperation?: (operation: HeldOperation, mirror: Mirror) => void;
}

/** A folder and its mirror, served by this process: whoever touches the mirror must be another process. */
export class Mirror {
  readonly root = mkdtempSync("/var/tmp/nmzc-fs-test-");
  readonly source: string;
  readonly path = `${this.root}/mirror`;
  readonly operations: HeldOperation[] = [];
  readonly errors: unknown[] = [];
  readonly refusals: string[] = [];
  server!: FilesystemServer;

  private constructor(source: string | undefined) {
    this.source = source ?? `${this.root}/source`;
    if (source === undefined) mkdirSync(this.source);
    mkdirSync(this.path);
    chmodSync(this.root, 0o755);
  }

  static async start(options: MirrorOptions): Promise<Mirror> {
    const mirror = new Mirror(options.source);
    mirror.server = await options.start({
      source: mirror.source,
      mountPoint: mirror.path,
      isReadOnly: options.isReadOnly ?? false,
      hooks: options.hooks ?? [],
      readsDirectly: options.readsDirectly ?? false,
      onRefusal: (kind, reason) => mirror.refusals.push(`${kind}: ${reason}`),
      onOperation: (operation) => {
        mirror.operations.push(operation);
        if (options.onOperation === undefined) mirror.server.answer(operation.id, 0);
        else options.onOperation(operation, mirror);
      },
      onError: (error) => mirror.errors.push(error),
    });
    return mirror;
  }

  /** Runs a shell command in the mirror, as another user if asked; its output, or what it wrote to stderr when it failed. */
  run(
    command: string,
    as?: { readonly uid: number; readonly gid: number; readonly groups?: string },
  ): Promise<string> {
    return shell(`cd ${this.path} && { ${command}\n}`, as);
  }

  async stop(): Promise<{ readonly wasBusy: boolean }> {
    const result = await this.server.stop();
    rmSync(this.root, { recursive: true });
    return result;
  }
}

export async function shell(
  command: string,
  as?: { readonly uid: number; readonly gid: number; readonly groups?: string },
): Promise<string> {
  const groups = as?.groups === undefined ? ["--clear-groups"] : ["--groups", as.groups];
  const prefix =
    as === undefined ? [] : ["setpriv", "--reuid", `${as.uid}`, "--regid", `${as.gid}`, ...groups];
  const [file, ...args] = [...prefix, "bash", "-c", command];
  try {
    return (await execute(file!, args, { timeout: 30_000 })).stdout.trim();
  } catch (error) {
    return `failed: ${(error as { stderr?: string }).stderr?.trim()}`;
  }
}
