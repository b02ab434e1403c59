import type { HostConfig } from "../../../runtime/engine/index.js";
import { inEngineRange } from "../flags/index.js";

type UlimitBody = NonNullable<HostConfig["Ulimits"]>[number];

const names =
  "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(
    " ",
  );

/** `--ulimit NAME=SOFT[:HARD]`; -1 is unlimited. */
export function parseUlimit(text: string): UlimitBody {
  const [name = "", limits, ...more] = text.split("=");
  if (limits === undefined || more.length > 0) throw new Error(`invalid ulimit argument: ${text}`);
  if (!names.includes(name)) throw new Error(`invalid ulimit type: ${name} (${names.join(", ")})`);
  const values = limits.split(":").map((each) => {
    if (!/^[+-]?\d+$/.test(each)) throw new Error(`"${each}" is not a whole number`);
    return inEngineRange(Number(each));
  });
  if (values.length > 2) {
    throw new Error(`too many limit value arguments - ${limits}, can only have up to two, soft[:hard]`);
  }
  const soft = values[0]!;
  const hard = values[1] ?? soft;
  if (hard !== -1 && (soft === -1 || soft > hard)) {
    throw new Error(`ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`);
  }
  return { Name: name, Soft: soft, Hard: hard };
}
