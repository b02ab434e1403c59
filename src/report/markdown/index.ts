/** A report as Markdown, for the page of a job. */
export * from "./render-markdown.js";
