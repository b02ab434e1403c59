import type { Readable } from "node:stream";

/**
 * A folder as a tar stream with owners, modes and links kept, for `Engine.importImage`. tar-fs is loaded when it is
 * needed: no run of a container waits for it.
 */
export async function packFolder(folder: string): Promise<Readable> {
  const { pack } = await import("tar-fs");
  return pack(folder) as unknown as Readable;
}
