/** `nmz init`, `nmz run`, `nmz summary` and `nmz tools`: experiments in a storage, as Namazu has them. */
export * from "./init.js";
export * from "./run.js";
export * from "./summary.js";
export * from "./tools/index.js";
