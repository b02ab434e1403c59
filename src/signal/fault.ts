/**
 * What is done to a packet instead of letting it go on as it is. Everything that is left to chance is in here, places as
 * a share of the whole from 0 up to 1, so that the same fault does the same again.
 */
export type PacketFault =
  | { readonly kind: "drop" }
  /** It goes on, and so many copies right behind it. */
  | { readonly kind: "duplicate"; readonly copies: number }
  /** `bits` bits from `place` of the payload on are flipped. With the checksum right nobody but the program can notice. */
  | {
      readonly kind: "corrupt";
      readonly place: number;
      readonly bits: number;
      readonly checksum: "right" | "wrong";
    }
  /** Held until so many later packets of the same connection and direction have passed it, and no longer than `withinMs`. */
  | { readonly kind: "reorder"; readonly packets: number; readonly withinMs: number }
  /** Dropped, and its sender told: by a reset (TCP) or "port unreachable" (anything else). */
  | { readonly kind: "reject" };

/** What is done to a file operation instead of doing it as it was asked for. */
export type FilesystemFault =
  /** It fails; `errno` is a name of errno(3). */
  | { readonly kind: "errno"; readonly errno: string }
  /** A read or write of that share of the bytes, and the caller is told how many. At least one byte. */
  | { readonly kind: "short"; readonly share: number }
  /** A write of that share of the bytes, to the sector, and the caller is told it was all. */
  | { readonly kind: "torn"; readonly share: number }
  /** The bit at that place of what was read is told wrong; the file keeps it. */
  | { readonly kind: "bit-flip"; readonly place: number }
  /** The folder is listed in another order; "stale": as it was when it was listed last. `seed` is the order's. */
  | {
      readonly kind: "listing";
      readonly order: "reversed" | "shuffled" | "stale";
      readonly seed: number;
    };

/** Which of the workload's processes: the name as in /proc/PID/comm, `*` any characters; `place` picks one of several. */
interface ProcessChoice {
  readonly process: string;
  readonly place: number;
}

/** What is done to a process of the workload. */
export type ProcessFault =
  | ({ readonly kind: "pause"; readonly forMs: number } & ProcessChoice)
  | ({ readonly kind: "kill"; readonly signal: string } & ProcessChoice)
  /** Killed, and after `downMs` started again as it was: same program, arguments, environment, folder and user. */
  | ({ readonly kind: "restart"; readonly downMs: number } & ProcessChoice)
  /** All its threads may use `cpus` CPUs only, the first of them at `cpuPlace` of all. */
  | ({ readonly kind: "affinity"; readonly cpus: number; readonly cpuPlace: number } & ProcessChoice);

/** Of a recorded event: at it, file systems lost what was never synced. `filesystem` is an entity; missing: all of them did. */
export interface CrashFault {
  readonly kind: "crash";
  readonly filesystem?: string;
  /** It was the answer itself: done when the event had been held for its delay. Missing: done when the event came. */
  readonly isAnswer?: true;
}

export type Fault = PacketFault | FilesystemFault | ProcessFault;

/** What Namazu's actions without an option mean. */
export const dropFault: PacketFault = Object.freeze({ kind: "drop" });
export const eioFault: FilesystemFault = Object.freeze({ kind: "errno", errno: "EIO" });

/** How a fault is counted at the end of a run: by its kind, errors by their name. */
export function faultName(fault: Fault): string {
  return fault.kind === "errno" ? fault.errno : fault.kind;
}
