/**
 * docs/cli.md, made from the command tree and the flag tables: `npm run docs` writes it, a unit test compares it with the
 * file. Must not know any particular command.
 */
export * from "./render-cli-docs.js";
