import { beforeEach, describe, expect, it } from "vitest";
import { BirthFilter } from "../../../../runtime/kernel/proc-events/index.js";

const path = "/docker/ab";

describe("BirthFilter", () => {
  let births: string[];
  let asked: number[];
  let inGroup: Set<number>;
  const onBirth = (tid: number, tgid: number, parent: number) => {
    births.push(`${tid}/${tgid} of ${parent}`);
  };
  const isInGroup = (pid: number) => {
    asked.push(pid);
    return pid >= 9000 ? undefined : inGroup.has(pid);
  };

  beforeEach(() => {
    births = [];
    asked = [];
    inGroup = new Set();
  });

  it("tells the children and threads of a tree, and theirs", () => {
    const filter = new BirthFilter({ kind: "tree", pids: [10] }, onBirth, isInGroup);
    filter.onFork(10, 11, 11);
    filter.onFork(11, 12, 12);
    filter.onFork(1, 13, 11); // a thread: the kernel names the parent of its process
    filter.onFork(20, 21, 21);
    expect(births).toEqual(["11/11 of 10", "12/12 of 11", "13/11 of 11"]);
    expect(asked).toEqual([]);
  });

  it("looks an unknown parent's child up once and remembers both answers", () => {
    const filter = new BirthFilter({ kind: "cgroup", path }, onBirth, isInGroup);
    inGroup.add(31);
    filter.onFork(30, 31, 31);
    filter.onFork(31, 32, 32);
    filter.onFork(40, 41, 41);
    filter.onFork(40, 42, 42);
    expect(births).toEqual(["31/31 of 30", "32/32 of 31"]);
    expect(asked).toEqual([31, 41]);
  });

  it("tells both threads when the first birth it sees inside is a second thread", () => {
    const filter = new BirthFilter({ kind: "cgroup", path }, onBirth, isInGroup);
    inGroup.add(51);
    filter.onFork(1, 51, 50);
    expect(births).toEqual(["50/50 of 0", "51/50 of 50"]);
  });

  it("looks again at exec, for a process that was moved in after its birth", () => {
    const filter = new BirthFilter({ kind: "cgroup", path }, onBirth, isInGroup);
    filter.onFork(60, 61, 61);
    inGroup.add(61);
    filter.onExec(61);
    filter.onExec(61);
    filter.onFork(61, 62, 62);
    expect(births).toEqual(["61/61 of 0", "62/62 of 61"]);
  });

  it("forgets a process that has ended, because its pid is used again", () => {
    const filter = new BirthFilter({ kind: "tree", pids: [10] }, onBirth, isInGroup);
    filter.onExit(11, 10); // a thread
    filter.onFork(10, 12, 12);
    filter.onExit(10, 10);
    filter.onFork(10, 13, 13);
    expect(births).toEqual(["12/12 of 10"]);
  });

  it("trusts nothing it remembers of a group after a loss", () => {
    const filter = new BirthFilter({ kind: "cgroup", path }, onBirth, isInGroup);
    inGroup.add(71);
    filter.onFork(70, 71, 71);
    filter.onLoss();
    inGroup.delete(71);
    filter.onFork(71, 72, 72);
    expect(births).toEqual(["71/71 of 70"]);
    expect(asked).toEqual([71, 72]);
  });

  it("does not hold a child against its parent that was gone before it could be looked up", () => {
    const filter = new BirthFilter({ kind: "cgroup", path }, onBirth, isInGroup);
    filter.onFork(80, 9000, 9000);
    inGroup.add(81);
    filter.onFork(80, 81, 81);
    expect(births).toEqual(["81/81 of 80"]);
  });
});
