/**
 * What a flag is, how a command line is split into flags and arguments, and how the values that several tables share
 * are read. A table of flags is the single truth: parsing, `--help`, docs/cli.md and shell completion derive from it.
 *
 * The rules are those of pflag, the library of docker's own command line, because whoever types `nmzc run` has typed
 * `docker run` a thousand times. Commander's own parser takes no `--rm=false` and lets a flag with an optional value
 * swallow the image; it walks the command tree, and the leaves read their flags here.
 *
 * Invariant: reading a flag changes the draft and nothing else.
 */
export * from "./flag.js";
export * from "./flag-values.js";
export * from "./put-into.js";
export * from "./read-flags.js";
