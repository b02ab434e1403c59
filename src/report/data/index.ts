/** What a report says, before it is a page or a table: shapes and version. */
export * from "./report-data.js";
