/**
 * Namazu's experiments: `nmz init` makes a storage of a config and a folder of scripts, `nmz run` makes one run in it (run,
 * validate, clean, under an orchestrator of its own), and the rest reads what runs left. The storage is laid out as the
 * original's, so each reads the other's.
 *
 * Must not know the command line, nor how a container is run. Invariants: a run that is not whole has no result; nothing
 * is removed that `nmz init` did not make; a script's failure is a result and no accident.
 */
export * from "./init/index.js";
export * from "./run/index.js";
export * from "./storage/index.js";
export * from "./tools/index.js";
