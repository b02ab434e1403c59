/** A report as JUnit XML, for CI servers. */
export * from "./render-junit.js";
