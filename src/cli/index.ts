/**
 * The command line of `nmzc` and `nmz`. The folder tree is the command tree: a file per command in container/ and nmz/,
 * put together in programs.ts. Flag tables (flags/, run/flags/) are the single truth of parsing, `--help`, docs/cli.md
 * and shell completion. nmzc.ts and nmz.ts are the programs, and the only place where a process exits.
 *
 * Commands know the other folders through Services (cli-context.ts), loaded when they are first called. Invariants:
 * commander is imported in command/ only; commands write to the streams they were given and return an exit code;
 * failures become text in print-error.ts and nowhere else.
 */
export type { CliContext, Services } from "./cli-context.js";
export { renderCliDocs } from "./docs/index.js";
export { main } from "./main.js";
export { nmzcProgram, nmzProgram, programs } from "./programs.js";
