import type { Measurement } from "./measurement.js";

const areas: Record<string, () => Promise<Record<string, unknown>>> = {
  nfq: () => import("./nfq.js"),
  trace: () => import("./trace.js"),
  fuse: () => import("./fuse.js"),
  proc: () => import("./proc.js"),
  run: () => import("./run.js"),
  loop: () => import("./loop.js"),
  wire: () => import("./wire.js"),
};

/**
 * The measurements of every area module: each exports one or more arrays of them. Loaded one by one, so that a package
 * which one area needs and this machine lacks costs that area only.
 */
export async function loadMeasurements(
  onError: (area: string, error: unknown) => void,
): Promise<Measurement[]> {
  const found: Measurement[] = [];
  for (const [area, load] of Object.entries(areas)) {
    try {
      for (const value of Object.values(await load())) if (Array.isArray(value)) found.push(...value);
    } catch (error) {
      onError(area, error);
    }
  }
  return found;
}
