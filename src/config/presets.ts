import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nearest } from "../util/index.js";

/** Configs that come with nmzc: runtime/autopilot/NAME.toml. What each is for stands in its first lines. */
export const presetNames = ["gentle", "network", "disk", "threads", "one-cpu", "nasty"] as const;

export type PresetName = (typeof presetNames)[number];

/**
 * The file of a preset, found from the bundled programs, from the compiled modules and from the sources alike. Throws an
 * Error that names the presets there are.
 */
export function presetFile(name: string, from: string = fileURLToPath(import.meta.url)): string {
  if (!presetNames.some((each) => each === name)) {
    const meant = nearest(name, presetNames);
    const guess = meant === undefined ? "" : `, did you mean ${meant}?`;
    throw new Error(`no preset "${name}"${guess} (${presetNames.join(", ")})`);
  }
  for (let folder = dirname(from); folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, "runtime/autopilot", `${name}.toml`);
    if (existsSync(file)) return file;
  }
  throw new Error(
    `the preset ${name} is not here: runtime/autopilot/${name}.toml is missing in nmzc's own folder`,
  );
}
