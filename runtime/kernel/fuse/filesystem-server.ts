import type { LostFile } from "./unsynced-files.js";

export type { LostFile } from "./unsynced-files.js";

/**
 * The operations that can be held. Names as in src/signal/filesystem-event.ts (strings here: runtime cannot import
 * src).
 */
export type FilesystemHookPoint =
  | "post-read"
  | "post-opendir"
  | "pre-mkdir"
  | "pre-rmdir"
  | "pre-fsync"
  | "pre-open"
  | "pre-create"
  | "pre-write"
  | "pre-rename"
  | "pre-unlink"
  | "pre-truncate";

/** An operation that waits for an answer. */
export interface HeldOperation {
  readonly id: number;
  readonly hook: FilesystemHookPoint;
  /** Relative to the mount root, without a leading slash; "" is the root. */
  readonly path: string;
}

/**
 * An operation that is done, but not as it was asked for. As FilesystemFault in src/signal/fault.ts; shares and places
 * are from 0 up to 1.
 */
export type FilesystemFaultVerdict =
  | { readonly kind: "short" | "torn"; readonly share: number }
  | { readonly kind: "bit-flip"; readonly place: number }
  | {
      readonly kind: "listing";
      readonly order: "reversed" | "shuffled" | "stale";
      readonly seed: number;
    };

/** 0: go on (a `pre-` operation is done, a `post-` result is told); another number: it fails with that errno. */
export type FilesystemVerdict = number | FilesystemFaultVerdict;

export interface FilesystemServerOptions {
  /** The backing folder, or a single regular file. */
  readonly source: string;
  /** An existing folder, or an existing file when the source is a file. */
  readonly mountPoint: string;
  readonly isReadOnly: boolean;
  readonly hooks: readonly FilesystemHookPoint[];
  /**
   * Called on the main thread for each hooked operation; exactly one `answer` is due, possibly within this very
   * call.
   */
  /**
   * It is remembered how to get every file back to what was last synced, so that `crash` can. Costs a copy of what is
   * overwritten, and reads and writes never bypass the server. The kernel's driver only.
   */
  readonly canCrash?: boolean;
  readonly onOperation: (operation: HeldOperation) => void;
  readonly onError: (error: unknown) => void;
  /** An answer of this kind could not be carried out, and the operation went on. Nobody asks twice. */
  readonly onRefusal?: (kind: string, reason: string) => void;
  /**
   * Every read(2) comes to us, past the kernel's cache, where the kernel can do that beside mappings (Linux 6.6). What a
   * program reads through the cache can neither be short nor wrong: the cache would keep it. Default: false.
   */
  readonly readsDirectly?: boolean;
}

/** What a crash took. */
export interface FilesystemLoss {
  /** Files that had unsynced changes, by path. */
  readonly lost: readonly LostFile[];
  /** Paths of files that could not be put back. */
  readonly failed: readonly string[];
}

/** A mounted mirror of a folder whose operations can be held. */
export interface FilesystemServer {
  readonly driver: "kernel" | "fuse-native";
  /** A second answer to one id, and one after `stop`, are ignored. */
  answer(id: number, verdict: FilesystemVerdict): void;
  /**
   * As if the power had gone: every file is back to what was last synced, for all requests from now on. Rejects when the
   * server was not started with `canCrash`, or stops. Absent where the driver knows no crashes.
   */
  crash?(): Promise<FilesystemLoss>;
  /**
   * Lets go what is held, unmounts (a busy mount is detached and its connection aborted, and the result says so),
   * ends the thread and closes every descriptor. Idempotent.
   */
  stop(): Promise<{ readonly wasBusy: boolean }>;
}

export type StartFilesystemServer = (options: FilesystemServerOptions) => Promise<FilesystemServer>;
