import { posix } from "node:path";
import type { Readable } from "node:stream";
import type { EngineConnection } from "./connection.js";
import type { FileSink, ReadFilesOptions } from "./engine.js";
import { EngineError, toEngineError } from "./engine-error.js";

/** `GET /containers/{id}/archive`, for `Engine.readFiles`. */
export async function readContainerFiles(
  connection: EngineConnection,
  id: string,
  path: string,
  options: ReadFilesOptions,
): Promise<"whole" | "cut" | "missing"> {
  const what = `read ${path} of container ${id}`;
  const { signal } = options;
  try {
    const archive = await connection.read({
      ...{ what, path: `/containers/${encodeURIComponent(id)}/archive`, query: { path } },
      signal,
    });
    const isFolder = path.endsWith("/.");
    const root = isFolder ? posix.normalize(path.slice(0, -1)) : `${posix.dirname(path)}/`;
    return await readArchive(archive, root, options);
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return "missing";
    if (signal?.aborted) throw new EngineError(`${what}: aborted`, { code: "ABORTED", cause: error });
    throw toEngineError(error, what);
  }
}

/**
 * Offers each plain file of a tar stream to `take`, under its path below `root`. What a container holds is its workload's doing:
 * links, devices, pipes and names that lead out of `root` are passed over, and what is too large ends it all before it is read.
 */
export async function readArchive(
  archive: Readable,
  root: string,
  { take, maximumBytes, signal }: ReadFilesOptions,
): Promise<"whole" | "cut"> {
  // Loaded when it is needed: most runs read no files.
  const { extract } = await import("tar-stream");
  const entries = extract();
  const abort = (): void => void archive.destroy(new Error("aborted"));
  archive.once("error", (error) => entries.destroy(error));
  archive.once("close", () => {
    if (!archive.readableEnded) entries.destroy(new Error("the archive ends early"));
  });
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  let bytes = 0;
  try {
    archive.pipe(entries);
    for await (const entry of entries) {
      const { name, type, size = 0, mtime } = entry.header;
      bytes += size;
      if (bytes > maximumBytes) return "cut";
      const path = posix.join(root, name);
      const isFile = (type === "file" || type === "contiguous-file") && isPlain(name);
      const file = { path, sizeBytes: size, mtimeMs: mtime?.getTime() ?? 0 };
      const sink = isFile ? take(file) : undefined;
      if (sink === undefined) entry.resume();
      else await pour(entry as AsyncIterable<Uint8Array>, sink);
    }
    return "whole";
  } finally {
    signal?.removeEventListener("abort", abort);
    archive.destroy();
    entries.destroy();
  }
}

function isPlain(name: string): boolean {
  return !name.startsWith("/") && !name.includes("\0") && !name.split("/").includes("..");
}

async function pour(bytes: AsyncIterable<Uint8Array>, sink: FileSink): Promise<void> {
  try {
    for await (const chunk of bytes) sink.write(chunk);
  } finally {
    sink.close();
  }
}
