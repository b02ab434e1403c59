/** A report as one HTML file: data, page and policy put together. */
export * from "./embed-json.js";
export * from "./page-assets.js";
export * from "./render-html.js";
