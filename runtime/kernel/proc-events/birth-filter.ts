/** What is followed: a container's group (by its path in the hierarchies), or processes and what they beget. */
export type FollowTarget =
  | { readonly kind: "cgroup"; readonly path: string }
  | { readonly kind: "tree"; readonly pids: readonly number[] };

/** Called with each thread that is born into what is followed; parent 0 is unknown. */
export type BirthHandler = (tid: number, tgid: number, parentTgid: number) => void;

const largestMemory = 16_384;

/**
 * Tells the births that matter from those of the whole machine. Who is born of a known process is inside; who is born
 * of a process known to be outside is not (a child starts in its parent's group). Between the two /proc/<pid>/cgroup is
 * read, once per parent. A process may be moved into the group after its birth, as `docker exec` and the container's
 * first process are; these then call exec, so exec looks again.
 */
export class BirthFilter {
  readonly #target: FollowTarget;
  readonly #onBirth: BirthHandler;
  readonly #isInGroup: (pid: number) => boolean | undefined;
  readonly #inside = new Set<number>();
  readonly #outside = new Set<number>();

  /** `isInGroup` looks the process up: undefined when it is gone. */
  constructor(target: FollowTarget, onBirth: BirthHandler, isInGroup: (pid: number) => boolean | undefined) {
    this.#target = target;
    this.#onBirth = onBirth;
    this.#isInGroup = isInGroup;
    if (target.kind === "tree") for (const pid of target.pids) this.#inside.add(pid);
  }

  onFork(parentTgid: number, childTid: number, childTgid: number): void {
    if (this.#inside.has(childTgid)) {
      this.#onBirth(childTid, childTgid, childTgid); // a thread
    } else if (this.#inside.has(parentTgid)) {
      this.#inside.add(childTgid);
      this.#onBirth(childTid, childTgid, parentTgid);
    } else if (
      this.#target.kind === "cgroup" &&
      !this.#outside.has(parentTgid) &&
      !this.#outside.has(childTgid)
    ) {
      const isInside = this.#isInGroup(childTid);
      if (isInside === true) {
        this.#inside.add(childTgid);
        // The first thread of a process that came in from outside (`docker exec`) was born before it was in.
        if (childTid !== childTgid) this.#onBirth(childTgid, childTgid, 0);
        this.#onBirth(childTid, childTgid, childTid === childTgid ? parentTgid : childTgid);
      } else if (isInside === false) {
        if (this.#outside.size >= largestMemory) this.#outside.clear();
        this.#outside.add(childTid === childTgid ? parentTgid : childTgid);
      }
    }
  }

  onExec(tgid: number): void {
    if (this.#target.kind !== "cgroup" || this.#inside.has(tgid)) return;
    if (this.#isInGroup(tgid) !== true) return;
    this.#outside.delete(tgid);
    this.#inside.add(tgid);
    this.#onBirth(tgid, tgid, 0);
  }

  onExit(tid: number, tgid: number): void {
    if (tid !== tgid) return;
    this.#inside.delete(tgid);
    this.#outside.delete(tgid);
  }

  /** A process outside may have been moved inside without an exec: look again. */
  forgetOutside(): void {
    this.#outside.clear();
  }

  /** Events were lost, so nothing that is remembered can be trusted. A tree keeps what it has: it cannot look again. */
  onLoss(): void {
    this.#outside.clear();
    if (this.#target.kind === "cgroup") this.#inside.clear();
  }
}
