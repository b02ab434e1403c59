import { checked, libcFunction } from "../libc.js";
import { NativeMemory } from "../native-memory.js";

const setfsuid = libcFunction("int setfsuid(uint32_t uid)");
const setfsgid = libcFunction("int setfsgid(uint32_t gid)");
const umaskCall = libcFunction("uint32_t umask(uint32_t mask)");
const unshare = libcFunction("int unshare(int flags)");
const capget = libcFunction("int capget(uintptr_t header, uintptr_t data)");
const capset = libcFunction("int capset(uintptr_t header, uintptr_t data)");

const CLONE_FS = 0x200;
const capabilityVersion3 = 0x20080522;
const CAP_FSETID = 1 << 4;

/**
 * Whom this thread acts as on the folder behind. The kernel has checked the caller's rights before a request gets
 * here (`default_permissions`), so all capabilities stay; what changes is who owns a new file, under which umask,
 * and whether set-user-ID bits survive a change (CAP_FSETID). All of it belongs to the thread, is set only when it
 * differs from what was last set, and costs nothing while one user calls.
 */
export class CallerIdentity {
  readonly #capabilities = new NativeMemory(128);
  readonly #effective: number;
  #uid = 0;
  #gid = 0;
  #umask = 0;
  #keepsSetid = true;

  /** Gives this thread a umask of its own. */
  constructor() {
    checked(unshare(CLONE_FS), "unshare", "CLONE_FS");
    umaskCall(0);
    const { words, address } = this.#capabilities;
    words[0] = capabilityVersion3;
    checked(capget(address, address + 16), "capget");
    this.#effective = words[4]!;
  }

  /** New files belong to `uid` and `gid` and get modes under `umask`. */
  own(uid: number, gid: number, umask: number): void {
    if (gid !== this.#gid) {
      setfsgid(gid);
      this.#gid = gid;
    }
    if (uid !== this.#uid) {
      setfsuid(uid);
      this.#uid = uid;
      // A change between root and others drops or raises file capabilities: put back what was.
      this.#applyCapabilities();
    }
    if (umask !== this.#umask) {
      umaskCall(umask);
      this.#umask = umask;
    }
  }

  /**
   * False: a write, truncation or change of owner takes set-user-ID and set-group-ID bits away, as it does for
   * users.
   */
  setKeepsSetid(keepsSetid: boolean): void {
    if (keepsSetid === this.#keepsSetid) return;
    this.#keepsSetid = keepsSetid;
    this.#applyCapabilities();
  }

  #applyCapabilities(): void {
    const { words, address } = this.#capabilities;
    words[4] = this.#keepsSetid ? this.#effective : this.#effective & ~CAP_FSETID;
    checked(capset(address, address + 16), "capset");
  }
}
