import { type Action, FilesystemFaultAction } from "./action.js";
import { Event } from "./event.js";
import type { Option, ReceivedEvent } from "./json.js";
import { stablePath } from "./stable-path.js";

/** The hook points; the first five are the original's, in its spelling. */
export const filesystemHooks = [
  "post-read",
  "post-opendir",
  "pre-mkdir",
  "pre-rmdir",
  "pre-fsync",
  "pre-open",
  "pre-create",
  "pre-write",
  "pre-rename",
  "pre-unlink",
  "pre-truncate",
] as const;

export type FilesystemHook = (typeof filesystemHooks)[number];

/** A file operation that waits before it is done (`pre-…`) or before its result is told (`post-…`). */
export class FilesystemEvent extends Event {
  readonly class = "FilesystemEvent";
  readonly deferred: boolean;
  readonly op: FilesystemHook;
  /** Relative to the mount's root, without a leading slash; "" is the root. */
  readonly path: string;

  constructor(entity: string, op: FilesystemHook, path: string, received?: ReceivedEvent) {
    super(entity, received);
    this.deferred = received?.deferred ?? true;
    this.op = op;
    this.path = path;
  }

  get replayHint(): string {
    return this.received?.replay_hint ?? `${this.op}:${stablePath(this.path)}`;
  }

  get option(): Option {
    return this.received?.option ?? { op: this.op, path: this.path };
  }

  override faultAction(): Action {
    return new FilesystemFaultAction(this);
  }
}
