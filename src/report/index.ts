/**
 * A campaign for people and for CI: one HTML file that opens from disk, Markdown for a job's page, JUnit XML, annotations, and JSON
 * with all of it. Read from the campaign's folder, however long it is, in memory that does not grow with it.
 *
 * Must not know how a run is made. What a workload says (names of tests and files, output, addresses) is hostile: each form has one
 * place where it is escaped, and the page is built of text nodes under a content security policy. src/report/page is the
 * page's own program: it runs in a browser, imports no Node, and is bundled by scripts/bundle.ts. Invariants: the same folder gives
 * the same report; nothing is fetched from anywhere; the JSON carries a version.
 */
export * from "./ci/index.js";
export * from "./data/index.js";
export * from "./html/index.js";
export * from "./json/index.js";
export * from "./junit/index.js";
export * from "./markdown/index.js";
export * from "./read/index.js";
export * from "./timeline/index.js";
export * from "./words/index.js";
