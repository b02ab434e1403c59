/** What reads storages, ours and the original's: sums, traces, how many of them differ, and the import. */
export * from "./summarise.js";
