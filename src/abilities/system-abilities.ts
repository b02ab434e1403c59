import { release } from "node:os";
import { type Ability, absent, present } from "./ability.js";

const oldestNode = [20, 19] as const;
const oldestKernel = [4, 18] as const;

/** Versions. */
export function systemAbilities(): Ability[] {
  return [
    versionAbility("Linux", release(), oldestKernel, "use a newer kernel"),
    versionAbility("Node", process.versions.node, oldestNode, "install Node 20.19 or newer"),
  ];
}

/** Compares the first two numbers of a version. */
export function versionAbility(
  name: string,
  version: string,
  oldest: readonly [number, number],
  remedy: string,
): Ability {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  const isNew = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return isNew
    ? present(name, version, "everything", true)
    : absent(name, `${version} is older than ${oldest.join(".")}`, remedy, "everything", true);
}
