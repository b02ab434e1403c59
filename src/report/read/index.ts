/** A campaign's folder read into what a report says, in memory that does not grow with the number of runs. */
export { type ReadReportOptions, type Report, readReport } from "./read-report.js";
