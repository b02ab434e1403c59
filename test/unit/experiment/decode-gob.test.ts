import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { decodeGob, GobError, goTimeMs } from "../../../src/experiment/gob/index.js";

/** Written by Namazu's own code (encoding/gob): interfaces in interfaces, types that are defined where they are first met. */
const history = readFileSync(
  fileURLToPath(new URL("../../fixtures/namazu-storage/00000000/history", import.meta.url)),
);

interface Signal {
  readonly M: Readonly<Record<string, unknown>>;
  readonly Arrived: Uint8Array;
}

interface ActionOfTrace {
  readonly BasicSignal: Signal;
  readonly Triggered: Uint8Array;
  readonly CauseEvent?: unknown;
}

describe("decodeGob", () => {
  const { ActionSequence: sequence } = decodeGob(history) as unknown as { ActionSequence: object[] };

  it("reads every action of a trace with its class", () => {
    const classes = sequence.map((action) => classIn(action));
    expect(classes).toEqual([
      "EventAcceptanceAction",
      "PacketFaultAction",
      "EventAcceptanceAction",
      "FilesystemFaultAction",
      "NopAction",
      "ShellAction",
    ]);
  });

  it("reads maps in maps, numbers and the time", () => {
    const [, fault] = sequence as [object, { BasicAction: ActionOfTrace }];
    const { BasicSignal, Triggered } = fault.BasicAction;
    expect(BasicSignal.M["event_uuid"]).toBe("ev-0-1");
    expect(goTimeMs(Triggered)).toBe(Date.parse("2018-08-25T12:00:01.203Z") + 0.456789);
    expect(JSON.stringify(fault)).toContain('"f":-2.5e-9');
  });

  it("throws a GobError wherever it is cut off", () => {
    for (let length = 0; length < history.length; length += 7) {
      expect(() => decodeGob(history.subarray(0, length))).toThrow(GobError);
    }
  });

  it("throws nothing but GobErrors for damaged bytes, and ends", () => {
    for (let at = 0; at < 2000; at++) {
      const damaged = Buffer.from(history);
      damaged[(at * 37) % damaged.length] = (at * 101) & 0xff;
      try {
        decodeGob(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(GobError);
      }
    }
  });
});

/** Actions embed one another's structs, so the signal lies one to three levels down. */
function classIn(value: object): unknown {
  const { M } = value as Partial<Signal>;
  if (M !== undefined) return M["class"];
  return classIn(Object.values(value)[0] as object);
}
