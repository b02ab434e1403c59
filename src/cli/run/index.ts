/**
 * The command line of `nmzc run`, from words to a RunRequest: the flag table (flags/), the little languages inside its
 * values (ports, mounts, networks, …), and what flags say together (parse-run.ts).
 *
 * Held to docker's own command line: test/integration/cli-oracle gives both the same words and compares what they would
 * send to the engine. Where docker's engine would refuse later, the parser refuses now, with the same words.
 * Nothing here talks to an engine or to the kernel; files that flags name are read through RunSurroundings.
 */

export { runFlagSections } from "./flags/index.js";
export { completeVariable, readKeyValueFile } from "./key-value-file.js";
export { finishRun, parseRun } from "./parse-run.js";
export type { RunDraft, RunSurroundings } from "./run-draft.js";
export { newRunDraft } from "./run-draft.js";
