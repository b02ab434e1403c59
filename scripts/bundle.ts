import { chmod, copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/**
 * Puts the programs and the threads' modules into one flat folder, dist/bin, each with what it needs in a few files:
 * loading 300 small modules took `nmzc run` 100 ms longer, and each of its threads 20. Flat, because a thread's module is
 * found beside the module that starts it (`import.meta.url`). Packages stay outside.
 */
const dist = fileURLToPath(new URL("../", import.meta.url));
const programs = ["src/cli/nmzc", "src/cli/nmz", "src/cli/nmzc-supervisor"];
const threads = [
  "runtime/kernel/nfqueue/queue-worker",
  "runtime/kernel/fuse/kernel-filesystem-worker",
  "runtime/kernel/fuse/close-worker",
  "runtime/kernel/proc-events/proc-events-worker",
  "runtime/kernel/timens/time-namespace-worker",
];
const folder = join(dist, "bin");
/** What runs in a browser, of TypeScript that is compiled by itself. */
const page = fileURLToPath(new URL("../../src/report/page/", import.meta.url));

await rm(folder, { recursive: true, force: true });
// The programs share their chunks; each thread is bundled by itself. Bundled together, a chunk of the programs may import
// a thread's module for its side effects (rolldown puts what both use there), and the thread's code runs in the program.
for (const inputs of [programs, ...threads.map((path) => [path])]) {
  const build = await rolldown({
    input: inputs.map((path) => join(dist, `${path}.js`)),
    external: (id) => !id.startsWith(".") && !id.startsWith("/"),
    platform: "node",
  });
  await build.write({
    dir: folder,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
}
for (const path of programs) await chmod(join(folder, `${path.split("/").at(-1)}.js`), 0o755);

const build = await rolldown({
  input: join(page, "main.ts"),
  platform: "browser",
  resolve: { extensionAlias: { ".js": [".ts"] } },
});
await build.write({ file: join(folder, "report-page.js"), format: "iife", minify: true });
await copyFile(join(page, "page.css"), join(folder, "report-page.css"));
