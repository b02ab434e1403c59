import type { Readable } from "node:stream";

/**
 * A folder as a tar stream with owners, modes and links kept, for `Engine.importImage`. Device nodes, pipes and sockets
 * are left out: tar-fs cannot pack them, and a container gets a /dev of its own. tar-fs is loaded when it is needed: no
 * run of a container waits for it.
 */
export async function packFolder(folder: string): Promise<Readable> {
  const { pack } = await import("tar-fs");
  // By default tar-fs takes this process's umask out of every mode (the package's types lack the option).
  const options = { strict: false, umask: 0 };
  return pack(folder, options) as unknown as Readable;
}
