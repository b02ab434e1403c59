import { definePolicy, FilesystemCrashAction, FilesystemEvent } from "nmzc";

/**
 * Cuts the power right after the first rename of a file whose data was never synced: programs that replace a file "atomically"
 * and leave fsync(2) out are left with an empty one. It needs `crash = true` below `[fs]`, and the hooks that it looks at:
 * `hooks = ["pre-create", "pre-write", "pre-truncate", "pre-fsync", "pre-rename"]`.
 */
export const crashAfterRename = definePolicy({
  name: "crash-after-rename",
  summary: "Crashes file systems right after the first rename of a file that was not synced.",
  create({ emit, log }) {
    const unsynced = new Set<string>();
    let hasCrashed = false;
    return {
      onEvent(event) {
        if (!(event instanceof FilesystemEvent) || hasCrashed) return;
        const file = `${event.entity} ${event.path}`;
        if (event.op === "pre-fsync") unsynced.delete(file);
        else if (event.op !== "pre-rename") unsynced.add(file);
        else if (unsynced.has(file)) {
          hasCrashed = true;
          log(`the power is cut after the rename of ${event.path}, which was not synced`);
          // Named with the event, so that a replay does it there again; the event itself goes on at once, before the crash.
          emit(new FilesystemCrashAction(event));
        }
      },
    };
  },
});
