import { readFileSync } from "node:fs";

const exiting = 0x4; // PF_EXITING of linux/sched.h
const pendingKill = 1 << 8; // SIGKILL is 9

/** Whether a thread is on its way out: exiting, or with a SIGKILL that it has not come to yet (fields 9 and 31 of its stat). */
export function isBeingKilled(tid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${tid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[6]) & exiting) !== 0 || (Number(fields[28]) & pendingKill) !== 0;
  } catch {
    return false;
  }
}
