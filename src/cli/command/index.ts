/**
 * What a command is, how the tree of them is walked, and how their help reads. The tree is data (programs.ts); commander
 * walks it and answers `--help`, `help COMMAND` and `--version`; each command reads its words by its flag table.
 *
 * Must not know any particular command. Invariant: nothing here writes but to the streams of the CliContext, and
 * nothing exits: commands return their exit code or throw.
 */
export * from "./command.js";
export * from "./help-text.js";
export * from "./run-program.js";
export * from "./version.js";
