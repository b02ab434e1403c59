import { isPlainTable } from "./key-table.js";
import { readConfigData } from "./load-autopilot.js";
import { tomlKey, tomlText } from "./toml-text.js";

/**
 * What a config of any kind says, as TOML that means the same, a line for each key at the top. Throws as readAutopilot
 * does.
 */
export function configAsToml(file: string): string {
  const data = readConfigData(file);
  if (!isPlainTable(data)) return "";
  return Object.entries(data)
    .map(([key, value]) => `${tomlKey(key)} = ${tomlText(value)}\n`)
    .join("");
}
