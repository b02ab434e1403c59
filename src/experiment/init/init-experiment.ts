import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { type Autopilot, configAsToml } from "../../config/index.js";
import { loadAutopilotWithPolicy } from "../../user-policy/index.js";
import { messageOf, NmzError, printable } from "../../util/index.js";
import { commandOf, runScript, scriptProblem } from "../script.js";
import { initFailedMark, names, writeRunCount } from "../storage/index.js";
import { clearStorage } from "./clear-storage.js";
import { type PlacedMaterials, placeMaterials } from "./place-materials.js";

/** Paths are absolute. */
export interface InitRequest {
  readonly config: string;
  readonly materials: string;
  readonly storage: string;
  /** Empty the storage first, if it is one. */
  readonly force: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface ExperimentIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/**
 * `nmz init`: a storage with the config, the materials and no runs, and the init script run in it. Returns 0. Throws
 * NMZ_EXPERIMENT_INPUT, NMZ_EXPERIMENT_FOLDER, NMZ_EXPERIMENT_MATERIALS, NMZ_EXPERIMENT_INIT (the script failed: the storage
 * stays to be looked at, and takes no run) and what is wrong with the config; all with exit code 1, as the original's.
 */
export async function initExperiment(request: InitRequest, io: ExperimentIo): Promise<number> {
  const { config, materials, storage, force } = request;
  checkInputs(request);
  clearStorage(storage, force, [config, materials]);
  const autopilot = await fill(request, io).catch((error: unknown) => {
    // It was empty, and half a storage could not be told from somebody's folder.
    for (const name of readdirSync(storage)) rmSync(join(storage, name), { recursive: true, force: true });
    throw error;
  });
  if (autopilot.init !== "") await runInit(autopilot.init, request);
  for (const name of ["run", "validate", "clean"] as const) {
    const problem = autopilot[name] && scriptProblem(join(storage, names.materials), autopilot[name]);
    if (problem) complain(io, `nmz run could not start the ${name} script: ${problem}`);
  }
  io.stdout.write("ok\n");
  return 0;
}

async function fill({ config, materials, storage }: InitRequest, io: ExperimentIo): Promise<Autopilot> {
  const kind = extname(config).toLowerCase();
  const copy = join(storage, `config${kind}`);
  copyFileSync(config, copy);
  chmodSync(copy, 0o644);
  const { leftOut } = place(materials, storage);
  for (const path of leftOut) complain(io, `left out, because it is no file: ${path}`);
  const autopilot = await checkedConfig(copy, config, io);
  if (kind !== ".toml") {
    writeFileSync(join(storage, names.config), configAsToml(copy), { mode: 0o644 });
    rmSync(copy);
  }
  writeRunCount(storage, 0);
  return autopilot;
}

function checkInputs({ config, materials }: InitRequest): void {
  const wrong = (message: string, hint: string) =>
    new NmzError("NMZ_EXPERIMENT_INPUT", message, { hint, exitCode: 1 });
  if (statSync(config, { throwIfNoEntry: false })?.isFile() !== true) {
    throw wrong(
      `there is no config "${config}"`,
      "give the path of a TOML file; docs/experiments.md has one",
    );
  }
  if (statSync(materials, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw wrong(`there is no folder "${materials}"`, "give the folder with the experiment's scripts");
  }
}

function place(materials: string, storage: string): PlacedMaterials {
  const folder = join(storage, names.materials);
  try {
    mkdirSync(folder);
    return placeMaterials(materials, folder, storage);
  } catch (error) {
    throw new NmzError(
      "NMZ_EXPERIMENT_MATERIALS",
      `cannot place the materials in "${folder}": ${messageOf(error)}`,
      { hint: "see whether the disk is full, and whose the files are", cause: error, exitCode: 1 },
    );
  }
}

/** From its place in the storage, because a policy's file is found from there. */
async function checkedConfig(copy: string, original: string, io: ExperimentIo): Promise<Autopilot> {
  const { loaded } = await loadAutopilotWithPolicy(copy).catch((error: unknown) => {
    if (!(error instanceof NmzError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    const message = error.message.replaceAll(copy, original);
    throw new NmzError(error.code, message, { ...hint, exitCode: 1, cause: error });
  });
  const { autopilot } = loaded;
  if (autopilot.run === "") complain(io, `the config names no "run" script: nmz run will refuse it`);
  if (autopilot.storageType !== "naive") {
    complain(io, `storageType "${autopilot.storageType}": runs are stored in files, and nowhere else`);
  }
  return autopilot;
}

async function runInit(script: string, { storage, env, cwd }: InitRequest): Promise<void> {
  const materials = join(storage, names.materials);
  const mark = join(storage, initFailedMark);
  writeFileSync(mark, "it did not end\n"); // what a signal leaves is no storage either
  const place = { materials, workingDir: undefined, env, cwd };
  const { problem } = await runScript(commandOf(materials, script), place);
  if (problem === undefined) {
    rmSync(mark);
    return;
  }
  writeFileSync(mark, `${problem}\n`);
  throw new NmzError("NMZ_EXPERIMENT_INIT", `the init script "${script}" failed: ${problem}`, {
    hint: "look at what it printed, and at the storage; then again with nmz init --force",
    exitCode: 1,
  });
}

function complain(io: ExperimentIo, line: string): void {
  io.stderr.write(`nmz: ${printable(line)}\n`);
}
