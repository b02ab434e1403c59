import {
  type StartFilesystemServer,
  startFuseNativeFilesystemServer,
  startKernelFilesystemServer,
} from "../../../runtime/kernel/index.js";
import type { FilesystemHook } from "../../signal/index.js";
import type { Transceiver } from "../../transceiver/index.js";
import type { UndoStack } from "../../util/index.js";
import { filesystemError } from "./filesystem-error.js";
import { FilesystemInspector } from "./filesystem-inspector.js";

export interface FsInspectorOptions {
  /** The real folder, or a single regular file. */
  readonly source: string;
  /** An existing folder (a file when the source is one) that nothing else uses; the container gets this one. */
  readonly mountPoint: string;
  readonly isReadOnly: boolean;
  readonly hooks: readonly FilesystemHook[];
  readonly driver: "kernel" | "fuse-native";
  readonly entity: string;
  readonly transceiver: Transceiver;
  readonly undo: UndoStack;
  /** As in FilesystemServerOptions: what short reads and flipped bits need. Default: false. */
  readonly readsDirectly?: boolean;
  /** As in FilesystemServerOptions: `crash` can be called. Default: false. */
  readonly canCrash?: boolean;
  /** Told what the inspector went on after. */
  readonly onError: (error: unknown) => void;
  /** Default: the driver's own; tests bring theirs. */
  readonly startServer?: StartFilesystemServer;
}

/**
 * Mounts the mirror and serves it; its undo is on the stack before the mount is made. Rejects with NmzError
 * (NMZ_FS_SOURCE_MISSING, NMZ_FS_PERMISSION, NMZ_FS_DRIVER_ABSENT, NMZ_FS_MOUNT), and then nothing is left behind.
 */
export async function startFsInspector(options: FsInspectorOptions): Promise<FilesystemInspector> {
  const { source, mountPoint, isReadOnly, hooks, onError } = options;
  const inspector = new FilesystemInspector(options.entity, options.transceiver);
  const undoNow = options.undo.push(`mount ${mountPoint}`, () => inspector.stop(), {
    kind: "mount",
    path: mountPoint,
  });
  try {
    const start = options.startServer ?? drivers[options.driver];
    const { onOperation, onRefusal } = inspector;
    const readsDirectly = options.readsDirectly ?? false;
    const canCrash = options.canCrash ?? false;
    const mirror = { source, mountPoint, isReadOnly, hooks, readsDirectly, canCrash };
    inspector.serveWith(await start({ ...mirror, onOperation, onRefusal, onError }));
  } catch (error) {
    await undoNow();
    throw filesystemError(error, options);
  }
  return inspector;
}

/** The package of the second driver is loaded when it is started, and not before: it may not be there. */
const drivers: Readonly<Record<"kernel" | "fuse-native", StartFilesystemServer>> = {
  kernel: startKernelFilesystemServer,
  "fuse-native": startFuseNativeFilesystemServer,
};
