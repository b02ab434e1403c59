/** `nmz init`: makes a storage, and empties one that is there only if it is one. */
export * from "./init-experiment.js";
export * from "./place-materials.js";
