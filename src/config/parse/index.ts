/**
 * TOML, YAML and JSON texts into plain data, with the line of each key, and one kind of syntax error that knows its
 * line and column. The only folder that knows smol-toml and yaml. Knows nothing of which keys mean something.
 */
export * from "./parse-json.js";
export * from "./parse-toml.js";
export * from "./parse-yaml.js";
export * from "./parsed-file.js";
export * from "./positions.js";
