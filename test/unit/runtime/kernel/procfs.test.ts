import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  parseIdList,
  parseStartTicks,
  processStartTicks,
  threadsOfProcess,
  walkProcessTree,
} from "../../../../runtime/kernel/procfs/index.js";

const noSuchPid = 2 ** 22 + 1;

describe("parseIdList", () => {
  it("reads back any list of ids, whatever blanks are between", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4_194_304)),
        fc.constantFrom(" ", "\n", " \n"),
        fc.boolean(),
        (ids, gap, ends) => {
          expect(parseIdList(ids.join(gap) + (ends ? gap : ""))).toEqual(ids);
        },
      ),
    );
  });
});

describe("parseStartTicks", () => {
  it("finds the field behind a name with blanks and parentheses", () => {
    const fields = Array.from({ length: 50 }, (_, index) => String(index + 3));
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z() ]{1,15}$/), (name) => {
        expect(parseStartTicks(`77 (${name}) ${fields.join(" ")}`)).toBe(22);
      }),
    );
  });
});

describe("processes of this machine", () => {
  it("know when this one started", () => {
    expect(processStartTicks(process.pid)).toBeGreaterThan(0);
  });

  it("are nothing when they are gone", () => {
    expect(processStartTicks(noSuchPid)).toBeUndefined();
    expect(threadsOfProcess(noSuchPid)).toEqual([]);
    expect(walkProcessTree([noSuchPid])).toEqual({ pids: [], threads: [] });
  });

  it("are gone when they have ended, although nobody has waited for them", async () => {
    // The shell becomes sleep, which does not know of the child that it has. The child ends only after that: a shell
    // waits for its children.
    const parent = spawn("sh", ["-c", "(read -r line <&3) & echo $!; exec sleep 30"], {
      stdio: ["ignore", "pipe", "inherit", "pipe"],
    });
    try {
      const [output] = (await once(parent.stdout as Readable, "data")) as [Buffer];
      const pid = Number(output.toString());
      await vi.waitFor(() => expect(readFileSync(`/proc/${parent.pid}/comm`, "latin1")).toBe("sleep\n"));
      (parent.stdio[3] as Writable).end("go\n");
      await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, "latin1")).toContain(") Z "));
      expect(processStartTicks(pid)).toBeUndefined();
    } finally {
      parent.kill();
    }
  });

  it("have their first thread's id as their own", () => {
    expect(threadsOfProcess(process.pid)).toContain(process.pid);
    expect(walkProcessTree([process.pid]).pids[0]).toBe(process.pid);
  });
});
