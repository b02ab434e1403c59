import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { getAffinity, trySetAffinity } from "../../../runtime/kernel/index.js";
import { ProcessFaults } from "../../../src/inspector/proc/process-faults.js";
import { Refusals } from "../../../src/inspector/proc/refusals.js";
import { UndoStack } from "../../../src/util/index.js";
import { requires } from "../../helpers/requires.js";

requires("root");

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function sleeping(): Promise<number> {
  const child = spawn("sleep", ["1000"], { stdio: "ignore" });
  children.push(child);
  await once(child, "spawn");
  return child.pid!;
}

describe("ProcessFaults", () => {
  it("keeps who joins later to the CPUs of the others, and leaves alone who has chosen among them", async () => {
    const [first, later, choosing] = [await sleeping(), await sleeping(), await sleeping()];
    const all = getAffinity(first)!;
    const count = Math.max(1, all.length - 1);
    const faults = new ProcessFaults({
      ...{ undo: new UndoStack(), refusals: new Refusals(), restarts: undefined as never },
      onError: (error) => {
        throw error;
      },
      leaveDeadline: () => {},
      threads: () => [first], // who is there when it begins
    });
    faults.keepNew([later]);
    expect(getAffinity(later)).toEqual(all);
    faults.keepTo({ count, place: 0 });
    const kept = getAffinity(first)!;
    trySetAffinity(choosing, kept.slice(0, 1));
    faults.keepNew([later, choosing]);
    expect(getAffinity(later)).toEqual(kept);
    expect(getAffinity(choosing)).toEqual(kept.slice(0, 1));
    expect(kept.length).toBe(count);
  });
});
