import { startProcEvents } from "../../runtime/kernel/index.js";
import { messageOf } from "../util/index.js";
import { type Ability, absent, present } from "./ability.js";
import { withIdleChildren } from "./idle-child.js";

const name = "process events";
const neededFor = "proc inspector: new threads at once (without: listed every 50 ms)";
const patienceMs = 1000;

/** Subscribes, makes a child and waits to be told of it. */
export async function procEventsAbility(): Promise<Ability> {
  const remedy = "run as root outside of a container, on a kernel with CONFIG_PROC_EVENTS";
  try {
    const pids = new Set<number>();
    let onBirth: () => void = () => {};
    const events = await startProcEvents({
      onBirth: (_, pid) => {
        pids.add(pid);
        onBirth();
      },
      onLoss: () => {},
      onFailure: () => {},
    });
    try {
      events.follow({ kind: "tree", pids: [process.pid] });
      const startMs = performance.now();
      const isTold = await withIdleChildren(1, async ([pid]) => {
        const timer = setTimeout(() => onBirth(), patienceMs);
        while (!pids.has(pid!) && performance.now() - startMs < patienceMs) {
          await new Promise<void>((resolve) => {
            onBirth = resolve;
          });
        }
        clearTimeout(timer);
        return pids.has(pid!);
      });
      if (!isTold) return absent(name, "subscribed, but a child's birth was not told", remedy, neededFor);
      return present(name, "subscribed, and told of a child", neededFor);
    } finally {
      await events.stop();
    }
  } catch (error) {
    return absent(name, messageOf(error), remedy, neededFor);
  }
}
