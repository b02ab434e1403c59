import { parseArgs } from "node:util";
import { startFsInspector } from "../../src/inspector/fs/index.js";
import { Orchestrator } from "../../src/orchestrator/index.js";
import { createPolicy } from "../../src/policy/index.js";
import type { FilesystemHook } from "../../src/signal/index.js";
import { LocalTransceiver } from "../../src/transceiver/index.js";
import { describeUndoFailure, UndoStack } from "../../src/util/index.js";

/**
 * A process that serves SOURCE on MOUNTPOINT through inspector, orchestrator and the policy `random` with delays of 0:
 *
 *   node shaken-folder.js [--driver kernel|fuse-native] [--hooks a,b] [--read-only] SOURCE MOUNTPOINT
 *
 * It prints "ready" when the mount stands; SIGTERM ends it, with one line of JSON: events seen, whether the mount
 * was busy. A process of its own, because a program that measures or tests a file system must not be its server too.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    driver: { type: "string", default: "kernel" },
    hooks: { type: "string", default: "" },
    "read-only": { type: "boolean", default: false },
  },
});
const [source = "", mountPoint = ""] = positionals;
const { driver } = values;
if ((driver !== "kernel" && driver !== "fuse-native") || mountPoint === "") {
  process.stderr.write(
    "usage: shaken-folder [--driver kernel|fuse-native] [--hooks a,b] [--read-only] SOURCE MOUNTPOINT\n",
  );
  process.exit(2);
}

const reportError = (error: unknown) => process.stderr.write(`shaken-folder: ${String(error)}\n`);
const orchestrator = new Orchestrator({
  seed: "shaken-folder",
  createPolicy: (context) => createPolicy("random", { minInterval: 0, maxInterval: 0 }, context),
  cpuCount: 1,
  onError: reportError,
});
const undo = new UndoStack();
const inspector = await startFsInspector({
  source,
  mountPoint,
  isReadOnly: values["read-only"],
  hooks: values.hooks.split(",").filter((hook) => hook !== "") as FilesystemHook[],
  driver,
  entity: "shaken-folder",
  transceiver: new LocalTransceiver(orchestrator),
  undo,
  onError: reportError,
});
process.stdout.write("ready\n");

// Also where stdin ends: the process that started this one was killed, and must not leave a mount behind.
let isEnding = false;
const end = async () => {
  if (isEnding) return;
  isEnding = true;
  for (const failure of await undo.unwind()) {
    reportError(describeUndoFailure(failure));
    process.exitCode = 1;
  }
  orchestrator.stop();
  process.stdin.destroy();
  const { events, details } = inspector.report();
  process.stdout.write(`${JSON.stringify({ events, wasBusy: details["unmount"] !== undefined })}\n`);
};
process.on("SIGTERM", end);
process.stdin.on("end", end).on("error", end).resume();
