import { describe, expect, it } from "vitest";
import type { Instruction } from "../../../src/coverage/class-file/instructions.js";
import { op } from "../../../src/coverage/class-file/opcodes.js";
import { type AnalysedClass, RunComparison } from "../../../src/coverage/index.js";

const rest = { variable: undefined, member: undefined, bootstrap: undefined, type: undefined };

/** `if (x) a; else b;` on lines 1 to 3: probes 0 and 1 are at the two exits. */
const instructions: readonly Instruction[] = [
  { ...rest, index: 0, opcode: op.iload, variable: 1, line: 1, startsLine: true, targets: [] },
  { ...rest, index: 1, opcode: op.ifeq, line: 1, startsLine: false, targets: [3] },
  { ...rest, index: 2, opcode: op.return, line: 2, startsLine: true, targets: [] },
  { ...rest, index: 3, opcode: op.return, line: 3, startsLine: true, targets: [] },
];
const method = {
  access: 0,
  name: "m",
  descriptor: "(I)V",
  annotations: [],
  instructions,
  exceptionRanges: [],
};
const analysed: AnalysedClass = {
  id: "1",
  file: {
    access: 0,
    name: "p/A",
    superName: "java/lang/Object",
    sourceFile: "A.java",
    annotations: [],
    methods: [method],
  },
};

const run = (failed: boolean, ...probes: readonly boolean[]) => ({
  failed,
  parts: [new Map([["1", { id: "1", name: "p/A", probes }]])],
});

describe("RunComparison", () => {
  it("counts different patterns", () => {
    const comparison = new RunComparison([analysed]);
    const counts = [
      run(false, true, false),
      run(false, true, false),
      run(true, false, true),
      run(true, true, true),
    ];
    expect(counts.map((one) => comparison.add(one))).toEqual([1, 1, 2, 3]);
  });

  it("names lines and branches that only failing runs took, the best first", () => {
    const comparison = new RunComparison([analysed]);
    for (const one of [run(false, true, false), run(true, false, true), run(true, true, true)])
      comparison.add(one);
    expect(comparison.suspects()).toEqual([
      {
        className: "p.A",
        method: "m",
        firstLine: 3,
        lastLine: 3,
        branch: undefined,
        failed: 2,
        passed: 0,
        score: 1,
      },
      {
        className: "p.A",
        method: "m",
        firstLine: 1,
        lastLine: 1,
        branch: { number: 2, of: 2 },
        failed: 2,
        passed: 0,
        score: 1,
      },
    ]);
    expect(comparison.suspects(true).length).toBe(5);
  });

  it("has no suspect where failing runs took what passing ones took", () => {
    const comparison = new RunComparison([analysed]);
    for (const one of [run(false, true, true), run(true, true, false)]) comparison.add(one);
    expect(comparison.suspects()).toEqual([]);
  });

  it("takes two processes' data as parts of one run", () => {
    const comparison = new RunComparison([analysed]);
    const [one, other] = [run(true, true, false), run(true, false, true)];
    comparison.add({ failed: true, parts: [...one.parts, ...other.parts] });
    expect(comparison.add({ failed: true, parts: [...other.parts, ...one.parts] })).toBe(2);
    expect(comparison.runs).toEqual({ failed: 2, passed: 0 });
  });
});
