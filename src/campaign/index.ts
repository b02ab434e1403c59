/**
 * From one run to a verdict: the same workload again and again, each time with a seed of its own, until the answer is clear.
 * Plain and fuzzed runs are interleaved where a baseline is asked for; what each run left is read for its tests and failures.
 *
 * A campaign is a folder: campaign.json (what was asked for), runs.jsonl (one line for each run that has ended), and
 * runs/NNNNNN with what a run left. Who makes a run is an argument. Invariants: a run counts when its line is on disk and
 * never twice, whatever kills whom; `--resume` goes on with exactly the runs that are missing; memory does not grow with
 * the number of runs; formats carry a version.
 */
export * from "./earlier-campaigns.js";
export * from "./folder/index.js";
export * from "./format/index.js";
export * from "./judge-run.js";
export * from "./known/index.js";
export * from "./run/index.js";
export * from "./tally/index.js";
