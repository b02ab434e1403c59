/** A report as JSON, for programs. */
export * from "./render-json.js";
