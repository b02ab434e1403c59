/**
 * What earlier campaigns failed with, in one small file that a CI job carries to the next: known.json. A campaign is told of
 * it by --known, and leaves it with its own failures added. A failure is known by its signature alone, whatever test or image
 * had it: tags of images change with each build. The file carries a version and does not grow without bound.
 */
export * from "./known-file.js";
export * from "./read-known.js";
