import { type Capability, effectiveCapabilities } from "../../runtime/kernel/index.js";
import { type Ability, absent, present, type ShakingInspector } from "./ability.js";

type Use = readonly [Capability, readonly ShakingInspector[], string];

/** What each capability is for; all of them come with root. */
const uses: readonly Use[] = [
  ["SYS_ADMIN", ["ethernet", "fs"], "entering namespaces, mounting"],
  ["NET_ADMIN", ["ethernet", "proc"], "packet queue, process events"],
  ["SYS_NICE", ["proc"], "scheduling attributes of other users' threads"],
  ["SYS_PTRACE", ["ethernet"], "/proc/<pid>/ns of the container"],
  ["DAC_OVERRIDE", ["fs"], "files of other users"],
  ["CHOWN", ["fs"], "files are created as the caller"],
  ["SETUID", ["fs"], "files are created as the caller"],
  ["SETGID", ["fs"], "files are created as the caller"],
];

const remedy = "run with sudo";

/** Being root, and the capabilities that these inspectors need. */
export function privilegeAbilities(inspectors: ReadonlySet<ShakingInspector>): Ability[] {
  const uid = process.geteuid?.() ?? 0;
  const held = effectiveCapabilities();
  const needed = uses.filter(([, users]) => users.some((user) => inspectors.has(user)));
  return [
    uid === 0
      ? present("root", "uid 0", "every inspector", inspectors.size > 0)
      : absent("root", `uid ${uid}`, remedy, "every inspector", inspectors.size > 0),
    ...needed.map(([capability, users, what]) => {
      const neededFor = `${users.join(" and ")}: ${what}`;
      if (held.has(capability)) return present(`CAP_${capability}`, "held", neededFor, true);
      return uid === 0
        ? absent(
            `CAP_${capability}`,
            "not held, although root: a restricted container or service",
            `give it, e.g. docker run --cap-add ${capability}`,
            neededFor,
            true,
          )
        : absent(`CAP_${capability}`, "not held", remedy, neededFor, true);
    }),
  ];
}
