import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

/**
 * Starts `name` (a `.js` module beside `base`, an `import.meta.url`) in a thread. When the caller runs from
 * TypeScript sources (vitest), the built twin below dist/ is started, because a thread of plain Node cannot load
 * TypeScript: `npm run build` comes before the integration tests.
 */
export function spawnWorker(base: string, name: string, workerData: unknown): Worker {
  const url = new URL(name, base);
  const path = fileURLToPath(url);
  const isSource = base.endsWith(".ts");
  const file = isSource ? path.replace(/^(.*?)\/runtime\/(?!.*\/runtime\/)/, "$1/dist/runtime/") : path;
  return new Worker(pathToFileURL(file), { workerData });
}
