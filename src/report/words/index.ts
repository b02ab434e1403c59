/** Numbers and findings as people read them: the same words in the page, in Markdown and in JUnit. */
export * from "./numbers.js";
export * from "./verdict-words.js";
