/** What reads storages, ours and the original's: sums, traces, how many of them differ, and the import. */
export * from "./analyze-storage.js";
export * from "./count-unique.js";
export * from "./dump-trace.js";
export * from "./import-storage.js";
export * from "./stored-action.js";
export * from "./summarise.js";
