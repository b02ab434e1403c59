import {
  hasTimeNamespaces,
  openTimeNamespace,
  type TimeNamespace,
  whyTimeNamespaceRefuses,
} from "../../runtime/kernel/index.js";
import { messageOf } from "../util/index.js";
import { type Ability, absent, present } from "./ability.js";

const name = "time namespaces";
const neededFor = "nmz inspectors proc --clock-offset (not for containers)";
const anHour = { monotonicMs: 3_600_000, boottimeMs: 3_600_000 };

/** A namespace of our own, in which a program is started. */
export async function clockAbility(): Promise<Ability> {
  if (!hasTimeNamespaces()) {
    return absent(name, "not in this kernel", "use Linux 5.6 with CONFIG_TIME_NS", neededFor);
  }
  let namespace: TimeNamespace | undefined;
  try {
    namespace = await openTimeNamespace(anHour);
    const reason = whyTimeNamespaceRefuses(namespace.path);
    return reason === undefined
      ? present(name, "a program was started an hour ahead", neededFor)
      : absent(name, reason, "install util-linux 2.36 or newer", neededFor);
  } catch (error) {
    const remedy =
      process.geteuid?.() === 0
        ? "in a container add --cap-add SYS_ADMIN --cap-add SYS_TIME"
        : "run with sudo";
    return absent(name, messageOf(error), remedy, neededFor);
  } finally {
    namespace?.close();
  }
}
