import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AnalysedClass,
  analyseClass,
  type ClassExecution,
  RunComparison,
  readExecutionData,
  type Suspect,
} from "../../coverage/index.js";
import { messageOf, NmzError } from "../../util/index.js";
import { listExperiments } from "../storage/index.js";

export interface StorageAnalysis {
  readonly classes: number;
  /** Runs that have ended and left execution data, in order, each with the number of different patterns up to it. */
  readonly runs: readonly { readonly number: number; readonly failed: boolean; readonly patterns: number }[];
  readonly suspects: readonly Suspect[];
  /** What could not be read or was passed over, as lines for people. */
  readonly notes: readonly string[];
}

export interface AnalysisRequest {
  readonly storage: string;
  /** A folder of class files, those that were run. */
  readonly classes: string;
  /** Suspects that passing runs took too. */
  readonly isAll: boolean;
}

/**
 * What JaCoCo's data in a storage's runs say about why some fail. Data are all files `*.exec` in a run's folder, each a part
 * of its own (a node of a cluster). Throws NMZ_EXPERIMENT_STORAGE, NMZ_COVERAGE_CLASSES and NMZ_COVERAGE_NO_DATA.
 */
export function analyzeStorage({ storage, classes: folder, isAll }: AnalysisRequest): StorageAnalysis {
  const notes: string[] = [];
  const classes = readClasses(folder, notes);
  const comparison = new RunComparison(classes);
  const versions = new VersionCheck(classes);
  const runs: StorageAnalysis["runs"][number][] = [];
  let withoutData = 0;
  for (const { number, folder: run, result } of listExperiments(storage)) {
    if (result === undefined) continue;
    const parts = readParts(run, notes);
    if (parts.length === 0) {
      withoutData += 1;
      continue;
    }
    for (const part of parts) versions.look(part);
    const failed = !result.successful;
    runs.push({ number, failed, patterns: comparison.add({ failed, parts }) });
  }
  if (runs.length === 0) {
    throw new NmzError("NMZ_COVERAGE_NO_DATA", `no run in "${storage}" left execution data`, {
      hint: "give the JVM -javaagent:jacocoagent.jar=destfile=$NMZ_WORKING_DIR/jacoco.exec in the run script",
      exitCode: 1,
    });
  }
  if (withoutData > 0) notes.push(`${withoutData} runs left no execution data and are passed over`);
  notes.push(...versions.notes());
  return { classes: classes.length, runs, suspects: comparison.suspects(isAll), notes };
}

function readClasses(folder: string, notes: string[]): AnalysedClass[] {
  const classes: AnalysedClass[] = [];
  for (const file of filesIn(folder, ".class")) {
    try {
      const analysed = analyseClass(readFileSync(file));
      if (analysed !== undefined) classes.push(analysed);
    } catch (error) {
      notes.push(`passed over: ${file}: ${messageOf(error)}`);
    }
  }
  if (classes.length > 0) return classes;
  throw new NmzError("NMZ_COVERAGE_CLASSES", `there is no class file in "${folder}"`, {
    hint: "give --classes the folder that was on the class path, such as target/classes; a jar must be unpacked",
    exitCode: 1,
  });
}

function readParts(run: string, notes: string[]): ReadonlyMap<string, ClassExecution>[] {
  return filesIn(run, ".exec").flatMap((file) => {
    try {
      return [readExecutionData(readFileSync(file))];
    } catch (error) {
      notes.push(`passed over: ${file}: ${messageOf(error)}`);
      return [];
    }
  });
}

function filesIn(folder: string, ending: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    throw new NmzError("NMZ_COVERAGE_CLASSES", `cannot read the folder "${folder}": ${messageOf(error)}`, {
      hint: "give the path of a folder that can be read",
      cause: error,
      exitCode: 1,
    });
  }
}

/** Finds classes that were executed in another version than the one at hand, of which nothing can be told. */
class VersionCheck {
  readonly #ids: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #others = new Set<string>();

  constructor(classes: readonly AnalysedClass[]) {
    const ids = new Map<string, Set<string>>();
    for (const { id, file } of classes) ids.set(file.name, (ids.get(file.name) ?? new Set()).add(id));
    this.#ids = ids;
  }

  look(part: ReadonlyMap<string, ClassExecution>): void {
    for (const { id, name } of part.values())
      if (this.#ids.get(name)?.has(id) === false) this.#others.add(name);
  }

  notes(): string[] {
    if (this.#others.size === 0) return [];
    const some = [...this.#others].slice(0, 3).map((name) => name.replaceAll("/", "."));
    const more = this.#others.size > 3 ? ", …" : "";
    return [
      `${this.#others.size} classes were run in another version than is here: ${some.join(", ")}${more}`,
    ];
  }
}
