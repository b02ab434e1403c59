import type { TimelineLane } from "../../timeline/timeline-format.js";
import { axisHeight, laneHeight } from "./frame.js";

/** Heights for the lanes that are used, from the top. */
export function placeLanes(
  lanes: readonly TimelineLane[],
  used: ReadonlySet<number>,
): { laneY: (number | undefined)[]; height: number } {
  let y = axisHeight + laneHeight / 2 + 4;
  let before: string | undefined;
  const laneY = lanes.map(({ kind }, lane) => {
    if (!used.has(lane)) return undefined;
    // Arrows need room to be seen, and kinds stand apart.
    if (before !== undefined) y += before === kind ? 0 : 10;
    before = kind;
    const own = y;
    y += kind === "endpoint" ? laneHeight * 1.8 : laneHeight;
    return own;
  });
  return { laneY, height: Math.max(80, y) };
}
