import { type Measured, type Measurement, median, rounds } from "./measurement.js";
import { shakeProgram } from "./shaken-program.js";

/** The time of one sweep: find the threads, ask the policy, set their attributes. */
async function sweepMs(processes: number, threadsEach: number): Promise<Measured> {
  const program = await shakeProgram("procload", [processes, threadsEach]);
  try {
    await program.begin();
    for (let warmUp = 0; warmUp < 5; warmUp++) program.inspector.sweep();
    const runs: number[] = [];
    for (let round = 0; round < rounds(31); round++) {
      const start = performance.now();
      program.inspector.sweep();
      runs.push(performance.now() - start);
    }
    return { value: median(runs), runs };
  } finally {
    await program.dispose();
  }
}

/** The 99th percentile over 2,000 threads, one a millisecond, while a process beside them forks 1,000 times a second. */
async function birthMs(): Promise<Measured> {
  const runs: number[] = [];
  for (let round = 0; round < rounds(5); round++) {
    const program = await shakeProgram("procbirth", [2000, 1000, 1000]);
    try {
      const figures = await program.toEnd();
      if (figures["never"] !== 0) throw new Error(`${figures["never"]} threads were never set`);
      runs.push(figures["p99_ms"] ?? Number.NaN);
    } finally {
      await program.dispose();
    }
  }
  return { value: median(runs), runs };
}

export const procMeasurements: readonly Measurement[] = [
  {
    key: "proc.sweep_ms",
    unit: "ms",
    what: "find and set attributes on 2,000 threads, 4 processes of 500, policy mild",
    aim: { atMost: 12 },
    measure: () => sweepMs(4, 500),
  },
  {
    key: "proc.sweep_procs_ms",
    unit: "ms",
    what: "find and set attributes on 2,000 processes of one thread, policy mild",
    aim: { atMost: 45 },
    measure: () => sweepMs(2000, 1),
  },
  {
    key: "proc.birth_to_sched_ms_p99",
    unit: "ms",
    what: "from clone to attributes set, 99th percentile, under 1,000 forks a second",
    aim: { atMost: 5 },
    measure: birthMs,
  },
];
