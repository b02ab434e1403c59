/**
 * The autopilot: TOML, YAML or JSON in, one frozen typed object out, and for each value where it came from. Every
 * key with its type, default and meaning stands in one table (keys.ts) that drives reading, `nmz config show` and
 * docs/config.md.
 *
 * The machinery of such tables (key-table.ts, key-kinds.ts) serves the policies' parameters too. Must not know
 * which policies exist: their tables are handed in. Invariant: whatever the file holds, the only thing thrown is an
 * NmzError that names every problem with its line.
 */
export * from "./autopilot.js";
export * from "./clock-offset.js";
export { configAsToml } from "./config-as-toml.js";
export * from "./default-autopilot.js";
export * from "./fault-kinds.js";
export * from "./fault-rule.js";
export * from "./key-kinds.js";
export * from "./key-problem.js";
export * from "./key-table.js";
export * from "./keys.js";
export * from "./load-autopilot.js";
export * from "./loaded-autopilot.js";
export * from "./render-docs.js";
export * from "./render-effective.js";
export { tomlText } from "./toml-text.js";
