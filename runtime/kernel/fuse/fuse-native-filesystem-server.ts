import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { FilesystemServer, FilesystemServerOptions } from "./filesystem-server.js";
import {
  abortFuseConnection,
  HeldOperations,
  isMountBusy,
  loadFuseNative,
  mirrorOperations,
  mountedDeviceMinor,
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

  answer(id: number, errno: number): void {
    this.#held.answer(id, errno);
  }

  stop(): Promise<{ readonly wasBusy: boolean }> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<{ readonly wasBusy: boolean }> {
    this.#held.stop();
    const deviceMinor = mountedDeviceMinor(this.#mountPoint);
    const wasBusy = isMountBusy(this.#mountPoint);
    // The package detaches the mount (fusermount -uz) in a process of its own, while this thread goes on serving.
    await called((done) => this.#mount.unmount(done));
    if (wasBusy && deviceMinor !== undefined) abortFuseConnection(deviceMinor);
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
  const FuseNative = loadFuseNative();
  const source = resolve(options.source);
  const mountPoint = resolve(options.mountPoint);
  if (!(await stat(source)).isDirectory()) {
    throw new Error(
      `the file system driver "fuse-native" serves folders only, and ${source} is none; use fs.driver = "kernel"`,
    );
  }
  const held = new HeldOperations(options);
  const files = new OpenFiles();
  const mount = new FuseNative(mountPoint, mirrorOperations(source, held, files), {
    timeout: false,
    allowOther: true,
    // The caller's identity never arrives here: the kernel has to check permissions.
    defaultPermissions: true,
    // The package has no words of its own for these options of libfuse, and hands this one on verbatim.
    fsname: ["nmzc", "use_ino", "big_writes", ...(options.isReadOnly ? ["ro"] : [])].join(","),
  });
  await called((done) => mount.mount(done));
  return new FuseNativeFilesystemServer(mountPoint, mount, held, files);
}

function called(call: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolvePromise, reject) => {
    call((error) => (error ? reject(error) : resolvePromise()));
  });
}
