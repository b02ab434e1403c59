import { probeFuse, whyFuseCannotOpen } from "../../runtime/kernel/index.js";
import { type Ability, absent, present } from "./ability.js";

const name = "FUSE";
const neededFor = "fs inspector";

/** A mount of our own, made and taken away again. */
export async function filesystemAbility(): Promise<Ability> {
  return abilityOf(await probeFuse(), "a file system was mounted");
}

/** Without a mount: a run that is killed in its first moments must not leave one. */
export function filesystemRunAbility(): Ability {
  return abilityOf(whyFuseCannotOpen(), "/dev/fuse can be opened");
}

function abilityOf(reason: string | undefined, detail: string): Ability {
  if (reason === undefined) return present(name, detail, neededFor, true);
  const remedy =
    process.geteuid?.() === 0
      ? "modprobe fuse; in a container add --device /dev/fuse --cap-add SYS_ADMIN"
      : "run with sudo";
  return absent(name, reason, remedy, neededFor, true);
}
