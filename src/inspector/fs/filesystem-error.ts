import { messageOf, NmzError } from "../../util/index.js";

/** What the user is told when a volume cannot be served. */
export function filesystemError(
  error: unknown,
  volume: { readonly source: string; readonly mountPoint: string; readonly driver: string },
): NmzError {
  if (error instanceof NmzError) return error;
  const cause = error;
  const what = `the volume ${volume.source} cannot be served: ${messageOf(error)}`;
  const name = error instanceof Error ? error.name : "";
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  if (name === "FuseNativeMissingError") {
    return new NmzError("NMZ_FS_DRIVER_ABSENT", what, {
      hint: 'npm install fuse-native (it needs libfuse2 and a compiler), or set fs.driver = "kernel"',
      cause,
    });
  }
  if (code === "ENOENT" && (error as { readonly path?: unknown }).path === volume.source) {
    return new NmzError("NMZ_FS_SOURCE_MISSING", what, { hint: "make the folder first", cause });
  }
  if (code === "EPERM" || code === "EACCES") {
    return new NmzError("NMZ_FS_PERMISSION", what, {
      hint: "run as root (CAP_SYS_ADMIN) with /dev/fuse, or leave the fs inspector out (nmzc run --nmz-disable fs)",
      cause,
    });
  }
  return new NmzError("NMZ_FS_MOUNT", what, {
    hint: 'look at what "nmz doctor" says about FUSE, or leave the fs inspector out (nmzc run --nmz-disable fs)',
    cause,
  });
}
