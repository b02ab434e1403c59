/** Recorded runs as columns that a page can draw 100,000 events from. */
export * from "./pack-timelines.js";
export * from "./timeline-format.js";
