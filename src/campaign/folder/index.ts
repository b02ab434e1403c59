/**
 * The campaign's folder: made, opened, and its lines appended and read. A line that is there whole counts; what a killed
 * writer left behind it is cut off when the campaign goes on, and not seen by those who read.
 */
export * from "./campaign-folder.js";
export * from "./outcome-file.js";
export * from "./read-run-lines.js";
export * from "./run-log.js";
export * from "./suite-files.js";
export * from "./tuning-file.js";
