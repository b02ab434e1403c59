import type { Attachment } from "../../../runtime/engine/index.js";
import type { TerminalInput, TerminalOutput } from "../../terminal/index.js";
import { enterRawMode, withoutBlocking } from "../../terminal/index.js";
import { NmzError } from "../../util/index.js";
import { relayInput } from "./relay-input.js";
import { relayOutput } from "./relay-output.js";
import { WindowSize } from "./window-size.js";

export interface TerminalOptions {
  readonly attachment: Attachment;
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  readonly stderr: TerminalOutput;
  /** `-t` */
  readonly hasTty: boolean;
  /** `-i` */
  readonly isInteractive: boolean;
  /** Bytes; looked for only with `-it`. Empty: never detach. */
  readonly detachKeys: readonly number[];
  readonly onDetach?: () => void;
  readonly resize: (columns: number, rows: number) => Promise<void>;
}

/**
 * Why the terminal and the workload parted. "ended": the workload closed its streams and all of its output is
 * written. "detached": the user typed the detach keys. "output-closed": nobody reads our output any more.
 */
export type TerminalEnd = "ended" | "detached" | "output-closed";

export interface TerminalSession {
  /** The terminal is already restored when it resolves. Rejects with NMZ_TERMINAL_OUTPUT or the attachment's EngineError. */
  readonly done: Promise<TerminalEnd>;
  /** Call it when the container has started: gives its terminal our size and keeps it so. Never fails. */
  containerStarted(): Promise<void>;
  /** Stops reading stdin and puts the terminal back; any number of times. Output still flows. */
  restore(): void;
}

/** `-i -t` without a terminal, in docker's words and with docker's exit code. Ask before anything is made. */
export function requireTerminal(
  stdin: Pick<TerminalInput, "isTTY">,
  options: { readonly hasTty: boolean; readonly isInteractive: boolean },
): void {
  if (!options.hasTty || !options.isInteractive || stdin.isTTY === true) return;
  throw new NmzError("NMZ_TERMINAL_NO_TTY", "the input device is not a TTY", {
    hint: "leave -t out: nmzc run -i …",
    exitCode: 1,
  });
}

/**
 * Joins our terminal to a container's streams. Call it after attach and before start: no first word is missed then,
 * and what is typed meanwhile waits for the workload.
 */
export function connectTerminal(options: TerminalOptions): TerminalSession {
  const { attachment, hasTty } = options;
  const size = new WindowSize(options.stdout, options.resize);
  const detached = withResolvers<"detached">();
  let stopInput = (): void => {};
  let restoreMode = (): void => {};
  if (options.isInteractive && attachment.stdin !== undefined) {
    if (hasTty) restoreMode = enterRawMode(options.stdin);
    stopInput = relayInput(options.stdin, attachment.stdin, {
      detachKeys: hasTty ? options.detachKeys : [],
      onDetach: () => detached.resolve("detached"),
    });
  }
  const restore = (): void => {
    stopInput();
    restoreMode();
    size.stop();
  };
  const parted = Promise.race([detached.promise, outputOf(options)]).finally(restore);
  const done = parted.then((end) => {
    if (end === "detached") {
      attachment.close(); // the engine keeps a tty's stdin open; what the workload says from now on is not for us
      options.onDetach?.();
    }
    return end;
  });
  done.catch(() => {}); // whoever cares awaits it; nobody may fall over it
  return {
    done,
    containerStarted: () => (hasTty ? size.follow() : Promise.resolve()),
    restore,
  };
}

function outputOf({ attachment, stdout, stderr }: TerminalOptions): Promise<TerminalEnd> {
  const relays = [
    relayOutput(attachment.stdout, withoutBlocking(stdout)),
    relayOutput(attachment.stderr, withoutBlocking(stderr)),
  ];
  return new Promise((resolve, reject) => {
    for (const relay of relays) {
      relay.then((end) => {
        if (end === "closed") resolve("output-closed");
      }, reject);
    }
    Promise.all([...relays, attachment.done]).then(() => resolve("ended"), reject);
  });
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
