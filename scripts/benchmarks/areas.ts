import { readdirSync } from "node:fs";
import type { Measurement } from "./measurement.js";

const areaNames = ["nfq", "fuse", "proc", "run"];

/**
 * The measurements of every area module that is here: each exports one or more arrays of them. Loaded one by one, so
 * that a package which one area needs and this machine lacks costs that area only.
 */
export async function loadMeasurements(
  onError: (area: string, error: unknown) => void,
): Promise<Measurement[]> {
  const here = new Set(readdirSync(new URL(".", import.meta.url)));
  const found: Measurement[] = [];
  for (const area of areaNames) {
    if (!here.has(`${area}.js`)) continue;
    try {
      const module: Record<string, unknown> = await import(`./${area}.js`);
      for (const value of Object.values(module)) if (Array.isArray(value)) found.push(...value);
    } catch (error) {
      onError(area, error);
    }
  }
  return found;
}
