import { close } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { constants } from "node:os";
import { SyscallError } from "../libc.js";
import { abortFuseConnection, mountAt, openMountTree } from "../mount/index.js";
import type { FilesystemServer, FilesystemServerOptions, FilesystemVerdict } from "./filesystem-server.js";
import {
  HeldOperations,
  isMountBusy,
  loadFuseNative,
  mirrorOperations,
  type NativeMount,
  OpenFiles,
} from "./fuse-native/index.js";

/** Serves a folder through the npm package `fuse-native`; what that cannot do is a table in docs/drivers.md. */
class FuseNativeFilesystemServer implements FilesystemServer {
  readonly driver = "fuse-native";
  readonly #mountPoint: string;
  readonly #mount: NativeMount;
  readonly #held: HeldOperations;
  readonly #files: OpenFiles;
  #stopping: Promise<{ readonly wasBusy: boolean }> | undefined;

  constructor(mountPoint: string, mount: NativeMount, held: HeldOperations, files: OpenFiles) {
    this.#mountPoint = mountPoint;
    this.#mount = mount;
    this.#held = held;
    this.#files = files;
  }

  answer(id: number, verdict: FilesystemVerdict): void {
    this.#held.answer(id, verdict);
  }

  stop(): Promise<{ readonly wasBusy: boolean }> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<{ readonly wasBusy: boolean }> {
    this.#held.stop();
    const device = mountAt(this.#mountPoint)?.device;
    const wasBusy = isMountBusy(this.#mountPoint);
    // The package detaches the mount (fusermount -uz) in a process of its own, while this thread goes on serving.
    await called((done) => this.#mount.unmount(done));
    if (wasBusy && device !== undefined) abort(device);
    await this.#files.closeAll();
    return { wasBusy };
  }
}

/**
 * Mounts and resolves when the kernel has taken the mount. Throws a FuseNativeMissingError when package or library is
 * absent, and an Error for a single file: FUSE 2.9 mounts on folders only.
 */
export async function startFuseNativeFilesystemServer(
  options: FilesystemServerOptions,
): Promise<FilesystemServer> {
  if (options.canCrash === true) {
    throw new Error('the file system driver "fuse-native" knows no crashes; use fs.driver = "kernel"');
  }
  const FuseNative = loadFuseNative();
  const source = await realpath(options.source);
  const mountPoint = await realpath(options.mountPoint);
  if (!(await stat(source)).isDirectory()) {
    throw new Error(
      `the file system driver "fuse-native" serves folders only, and ${source} is none; use fs.driver = "kernel"`,
    );
  }
  // A copy of the mount tree, made before our own mount: a mirror of "/" never walks into itself and waits for itself.
  const tree = openMountTree(source).fd;
  const held = new HeldOperations(options);
  const files = new OpenFiles(tree);
  const mount = new FuseNative(mountPoint, mirrorOperations(`/proc/self/fd/${tree}`, held, files), {
    timeout: false,
    allowOther: true,
    // The caller's identity never arrives here: the kernel has to check permissions.
    defaultPermissions: true,
    // The package has no words of its own for these options of libfuse, and hands this one on verbatim.
    fsname: ["nmzc", "use_ino", "big_writes", ...(options.isReadOnly ? ["ro"] : [])].join(","),
  });
  try {
    await called((done) => mount.mount(done));
  } catch (error) {
    close(tree);
    throw new Error(`mount fuse-native on ${mountPoint}: ${error instanceof Error ? error.message : error}`);
  }
  return new FuseNativeFilesystemServer(mountPoint, mount, held, files);
}

function abort(device: string): void {
  try {
    abortFuseConnection(device);
  } catch (error) {
    // ENOENT: its last user went meanwhile, and the connection with it.
    if (!(error instanceof SyscallError) || error.errno !== constants.errno.ENOENT) throw error;
  }
}

function called(call: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    call((error) => (error ? reject(error) : resolvePromise()));
  });
}
