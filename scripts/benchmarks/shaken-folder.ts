import { parseArgs } from "node:util";
import {
  type FilesystemHookPoint,
  type FilesystemServer,
  type StartFilesystemServer,
  startFuseNativeFilesystemServer,
} from "../../runtime/kernel/fuse/index.js";
import { Orchestrator } from "../../src/orchestrator/index.js";
import { createPolicy } from "../../src/policy/index.js";
import { type Action, type Event, FilesystemEvent } from "../../src/signal/index.js";
import { type ActionSink, LocalTransceiver } from "../../src/transceiver/index.js";

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
const drivers: Readonly<Record<string, StartFilesystemServer>> = {
  "fuse-native": startFuseNativeFilesystemServer,
};
const start = drivers[values.driver];
if (start === undefined || mountPoint === "") {
  process.stderr.write(
    `usage: shaken-folder [--driver ${Object.keys(drivers).join("|")}] [--hooks a,b] [--read-only] SOURCE MOUNTPOINT\n`,
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
const transceiver = new LocalTransceiver(orchestrator);

/** The event remembers which operation it stands for. */
class HeldFilesystemEvent extends FilesystemEvent {
  readonly id: number;

  constructor(id: number, hook: FilesystemHookPoint, path: string) {
    super("shaken-folder", hook, path);
    this.id = id;
  }
}

let server: FilesystemServer | undefined;
const sink: ActionSink = {
  deliver: (event: Event, _action: Action) => server?.answer((event as HeldFilesystemEvent).id, 0),
};
server = await start({
  source,
  mountPoint,
  isReadOnly: values["read-only"],
  hooks: values.hooks.split(",").filter((hook) => hook !== "") as FilesystemHookPoint[],
  onOperation: ({ id, hook, path }) => transceiver.send(new HeldFilesystemEvent(id, hook, path), sink),
  onError: reportError,
});
process.stdout.write("ready\n");
// Also where stdin ends: the process that started this one was killed, and must not leave a mount behind.
let isEnding = false;
const end = async () => {
  if (isEnding) return;
  isEnding = true;
  const stopped = await server?.stop();
  orchestrator.stop();
  process.stdin.destroy();
  process.stdout.write(`${JSON.stringify({ events: orchestrator.counts.events, ...stopped })}\n`);
};
process.on("SIGTERM", end);
process.stdin.on("end", end).on("error", end).resume();
