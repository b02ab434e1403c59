import { probeFuse } from "../../../runtime/kernel/index.js";
import { type Ability, absent, present } from "./ability.js";

const name = "FUSE";
const neededFor = "fs inspector";

/** A mount of our own, made and taken away again. */
export async function filesystemAbility(): Promise<Ability> {
  const reason = await probeFuse();
  if (reason === undefined) return present(name, "a file system was mounted", neededFor, true);
  const remedy =
    process.geteuid?.() === 0
      ? "modprobe fuse; in a container add --device /dev/fuse --cap-add SYS_ADMIN"
      : "run with sudo";
  return absent(name, reason, remedy, neededFor, true);
}
