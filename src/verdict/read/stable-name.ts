import { printable } from "../../util/index.js";
import { withoutColour } from "../plain-text.js";
import { maximumNameLength } from "./text-limits.js";

const objectHash = /([\w$\])>])@[0-9a-f]{4,16}\b/g;
const address = /\b0x[0-9a-f]{4,16}\b/gi;
const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;

/**
 * A test's name as it is in every run. Parameters may print as something that every process has anew: `Row@1b2c3d` of
 * Java's Object.toString, an address, a UUID. Other numbers stay, because they tell one parameter from the other.
 */
export function stableName(name: string): string {
  const plain = printable(withoutColour(name))
    .replace(objectHash, "$1@…")
    .replace(address, "0x…")
    .replace(uuid, "…")
    .replace(/\s+/g, " ")
    .trim();
  return plain.length <= maximumNameLength ? plain : `${plain.slice(0, maximumNameLength - 1)}…`;
}
