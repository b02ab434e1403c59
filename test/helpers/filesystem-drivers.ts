import {
  type FilesystemServer,
  type StartFilesystemServer,
  startFuseNativeFilesystemServer,
  startKernelFilesystemServer,
} from "../../runtime/kernel/index.js";

/** What a test may need of a driver and not every driver can do; docs/drivers.md says the same at more length. */
export type FilesystemAbility =
  /** New files belong to the caller. */
  | "caller-identity"
  | "access-control-lists"
  /** rename(2) with flags, O_TMPFILE, fallocate, SEEK_HOLE, times to the nanosecond: test/fixtures/file-operations.c. */
  | "every-operation"
  /** A caller that is killed goes at once, though its operation is held. */
  | "interrupt"
  /** A volume that is one file. */
  | "single-file"
  /** 100,000 entries in one folder, listed with their attributes, within a minute. */
  | "many-entries";

export interface FilesystemDriver {
  readonly name: FilesystemServer["driver"];
  readonly start: StartFilesystemServer;
  readonly can: ReadonlySet<FilesystemAbility>;
}

/** For `describe.each(filesystemDrivers)("… ($name)", …)`, and `it.skipIf(!can.has("…"))` inside. */
export const filesystemDrivers: readonly FilesystemDriver[] = [
  {
    name: "kernel",
    start: startKernelFilesystemServer,
    can: new Set([
      "caller-identity",
      "access-control-lists",
      "every-operation",
      "interrupt",
      "single-file",
      "many-entries",
    ]),
  },
  { name: "fuse-native", start: startFuseNativeFilesystemServer, can: new Set() },
];
