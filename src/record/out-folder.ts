import { lstatSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { makeFolders, messageOf, NmzError } from "../util/index.js";
import { runVersion } from "./stored-run.js";

/**
 * `--nmz-out DIR`: each run leaves `DIR/<run>/` with `run.json` and `trace.jsonl`, and `DIR/latest` points to the
 * newest. `Result` is what run.json holds. Throws NMZ_OUT_FOLDER.
 */
export class OutFolder<Result extends object> {
  readonly path: string;
  readonly #parent: string;
  readonly #runId: string;

  constructor(parent: string, runId: string) {
    this.#parent = parent;
    this.#runId = runId;
    this.path = join(parent, runId);
    try {
      makeFolders(parent);
      refusePlantedLink(parent);
      makeOwnFolder(this.path);
    } catch (error) {
      throw new NmzError("NMZ_OUT_FOLDER", `cannot make the folder ${this.path}: ${messageOf(error)}`, {
        hint: "give --nmz-out a folder that can be written",
        cause: error,
      });
    }
  }

  get traceFile(): string {
    return join(this.path, "trace.jsonl");
  }

  /** Removes what a run that did not begin has left in it; the folder around it stays. */
  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  write(result: Result): void {
    writeRunFile(this.path, result);
    this.#pointLatest();
  }

  // A rename replaces the link at once: with many runs at a time somebody reads it at any moment.
  #pointLatest(): void {
    const draft = join(this.#parent, `.latest-${this.#runId}`);
    rmSync(draft, { force: true });
    symlinkSync(this.#runId, draft);
    renameSync(draft, join(this.#parent, "latest"));
  }
}

/** An experiment's is there already. One that another user made, or a link of that name, is not taken. */
function makeOwnFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const found = lstatSync(path);
    if (!found.isDirectory() || found.uid !== process.geteuid?.()) throw error;
  }
}

/**
 * Throws where `path` is a link that somebody else has put into a folder such as /tmp, where anybody may: root would write to
 * wherever it leads. The kernel refuses it, too, where fs.protected_symlinks is 1, by the same rule (proc_sys_fs(5)).
 */
function refusePlantedLink(path: string): void {
  const link = lstatSync(resolve(path));
  if (!link.isSymbolicLink()) return;
  const folder = statSync(dirname(resolve(path)));
  const isForAll = (folder.mode & 0o1002) === 0o1002;
  if (isForAll && link.uid !== process.geteuid?.() && link.uid !== folder.uid)
    throw new Error("it is a link that another user made, in a folder where everybody may");
}

/** `run.json` of a folder, whole or not at all. */
export function writeRunFile(folder: string, result: object): void {
  const text = JSON.stringify({ nmzRun: runVersion, ...result }, undefined, 2);
  const draft = join(folder, "run.json.new");
  rmSync(draft, { force: true });
  try {
    // The environment that the user gave the workload is in it.
    writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, join(folder, "run.json"));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
