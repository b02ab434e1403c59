import { access, type ClassFile, parseClassFile } from "./class-file/class-file.js";
import { filterMethod } from "./filters/index.js";
import { classId } from "./jacoco/class-id.js";
import type { InstructionNode } from "./jacoco/instruction-node.js";
import { coverMethod, ProbeSource } from "./jacoco/method-coverage.js";
import type { ClassExecution } from "./jacoco/read-execution-data.js";

/** A class whose execution can be read. */
export interface AnalysedClass {
  readonly id: string;
  readonly file: ClassFile;
}

export interface MethodCoverage {
  readonly name: string;
  readonly descriptor: string;
  /** In the order of the code, without what the compiler added. */
  readonly nodes: readonly InstructionNode[];
}

export interface ClassCoverage {
  readonly name: string;
  readonly sourceFile: string | undefined;
  readonly methods: readonly MethodCoverage[];
}

/** Throws CoverageFormatError. Undefined: JaCoCo counts no such class (a module's, or one that the compiler made). */
export function analyseClass(bytes: Uint8Array): AnalysedClass | undefined {
  const file = parseClassFile(bytes);
  if ((file.access & (access.synthetic | access.module)) !== 0) return undefined;
  return { id: classId(bytes), file };
}

/** What of a class was executed; undefined execution: nothing of it. */
export function coverClass({ file }: AnalysedClass, execution: ClassExecution | undefined): ClassCoverage {
  const probes = new ProbeSource(execution?.probes);
  const methods: MethodCoverage[] = [];
  for (const method of file.methods) {
    if (method.instructions.length === 0) continue;
    const covered = coverMethod(method, probes);
    const nodes = filterMethod(method, file).apply(covered);
    if (nodes.length > 0) methods.push({ name: method.name, descriptor: method.descriptor, nodes });
  }
  return { name: file.name, sourceFile: file.sourceFile, methods };
}

export interface Counter {
  readonly missed: number;
  readonly covered: number;
}

/** As in JaCoCo's report. */
export interface Counters {
  readonly instruction: Counter;
  readonly branch: Counter;
  readonly line: Counter;
  readonly method: Counter;
}

/** What JaCoCo's report has of one line: `mi`, `ci`, `mb`, `cb`. */
export interface LineCoverage {
  missedInstructions: number;
  coveredInstructions: number;
  missedBranches: number;
  coveredBranches: number;
}

export function linesOf({ methods }: ClassCoverage): ReadonlyMap<number, LineCoverage> {
  const lines = new Map<number, LineCoverage>();
  for (const { nodes } of methods) {
    for (const node of nodes) if (node.line > 0) addNode(lineOf(lines, node.line), node);
  }
  return lines;
}

export function countersOf(coverage: ClassCoverage): Counters {
  const total: LineCoverage = {
    missedInstructions: 0,
    coveredInstructions: 0,
    missedBranches: 0,
    coveredBranches: 0,
  };
  for (const { nodes } of coverage.methods) for (const node of nodes) addNode(total, node);
  const lines = [...linesOf(coverage).values()];
  const isHit = ({ nodes }: MethodCoverage) => nodes.some((node) => node.isCovered);
  return {
    instruction: { missed: total.missedInstructions, covered: total.coveredInstructions },
    branch: { missed: total.missedBranches, covered: total.coveredBranches },
    line: countOf(lines.map(({ coveredInstructions }) => coveredInstructions > 0)),
    method: countOf(coverage.methods.map(isHit)),
  };
}

function lineOf(lines: Map<number, LineCoverage>, line: number): LineCoverage {
  const known = lines.get(line);
  if (known !== undefined) return known;
  const fresh = { missedInstructions: 0, coveredInstructions: 0, missedBranches: 0, coveredBranches: 0 };
  lines.set(line, fresh);
  return fresh;
}

function addNode(sum: LineCoverage, { isCovered, branchCount, covered }: InstructionNode): void {
  if (isCovered) sum.coveredInstructions += 1;
  else sum.missedInstructions += 1;
  if (branchCount < 2) return;
  sum.coveredBranches += covered.size;
  sum.missedBranches += branchCount - covered.size;
}

function countOf(hits: readonly boolean[]): Counter {
  const covered = hits.filter((isHit) => isHit).length;
  return { missed: hits.length - covered, covered };
}
