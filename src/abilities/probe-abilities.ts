import type { Ability, ShakingInspector } from "./ability.js";
import { cgroupAbilities } from "./cgroup-abilities.js";
import { clockAbility } from "./clock-ability.js";
import { deadlineAbility } from "./deadline-ability.js";
import { filesystemAbility, filesystemRunAbility } from "./filesystem-ability.js";
import { packetAbilities } from "./packet-abilities.js";
import { privilegeAbilities } from "./privilege-abilities.js";
import { procEventsAbility } from "./proc-events-ability.js";
import { schedulingAbilities } from "./scheduling-abilities.js";
import { systemAbilities } from "./system-abilities.js";

const everyInspector: ReadonlySet<ShakingInspector> = new Set(["ethernet", "fs", "proc"]);

/** Every row but the engine's; takes about a tenth of a second, most of it the process events' worker. */
export async function probeAbilities(): Promise<readonly Ability[]> {
  const events = procEventsAbility();
  return [
    ...systemAbilities(),
    ...privilegeAbilities(everyInspector),
    ...(await packetAbilities()),
    await filesystemAbility(),
    ...(await schedulingAbilities()),
    await deadlineAbility(),
    await events,
    await clockAbility(),
    ...(await cgroupAbilities()),
  ];
}

/**
 * The rows that a run with these inspectors cannot do without, and nothing that takes longer than a few milliseconds:
 * what is not there is said before anything starts, all at once.
 */
export async function probeRunAbilities(
  inspectors: ReadonlySet<ShakingInspector>,
): Promise<readonly Ability[]> {
  const packets = inspectors.has("ethernet") ? await packetAbilities() : [];
  const filesystem = inspectors.has("fs") ? [filesystemRunAbility()] : [];
  const rows = [...systemAbilities(), ...privilegeAbilities(inspectors), ...packets, ...filesystem];
  return rows.filter(({ isNeeded }) => isNeeded);
}
