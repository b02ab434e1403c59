import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MountedFolder } from "../../helpers/mounted-folder.js";
import { requires } from "../../helpers/requires.js";

requires("root", "fuse", "built", "python3");

let folder: MountedFolder;
let outside: string;

beforeAll(async () => {
  folder = await MountedFolder.mount();
  outside = join(dirname(folder.source), "outside");
  mkdirSync(outside);
  writeFileSync(join(outside, "word"), "the host's");
});
afterAll(() => folder.unmount());

/**
 * Swaps `door` between a folder of the volume and a link out of it as quickly as it can (renameat2 with RENAME_EXCHANGE),
 * through the mirror, as a workload would; meanwhile `attempt` is made again and again in `word`'s folder.
 */
const race = `
import ctypes, os, sys, threading, time
mount, attempt = sys.argv[1:3]
os.chdir(mount)
libc = ctypes.CDLL(None, use_errno=True)
AT_FDCWD, EXCHANGE = -100, 2
begin = time.monotonic()
swaps, tries = 0, 0
def goes_on():
    seconds = time.monotonic() - begin
    return seconds < 3 or (min(swaps, tries) < 100 and seconds < 60)
def swap():
    global swaps
    while goes_on():
        if libc.renameat2(AT_FDCWD, b"door", AT_FDCWD, b"way-out", EXCHANGE) == 0: swaps += 1
swapper = threading.Thread(target=swap)
swapper.start()
seen = set()
while goes_on():
    tries += 1
    try:
        if attempt == "read":
            with open("door/word", "rb") as file: seen.add(file.read().decode())
        else:
            with open("door/new", "wb") as file: file.write(b"written by the workload")
    except OSError: pass
swapper.join()
print(swaps, tries, "|".join(sorted(seen)))
`;

describe("A volume whose workload plays with links", () => {
  it.each(["read", "write"])(
    "is never left by a %s, however the links are swapped",
    async (attempt) => {
      mkdirSync(join(folder.source, attempt));
      const inside = join(folder.path, attempt);
      mkdirSync(join(inside, "door"));
      writeFileSync(join(inside, "door/word"), "the volume's");
      // For a server that follows it, it leads to `outside`; for the workload there is an empty file system over that.
      symlinkSync("../../outside", join(inside, "way-out"));
      const child = spawn("unshare", [
        ...["--mount", "sh", "-c", 'mount -t tmpfs none "$1" && exec python3 -c "$2" "$3" "$4"', "sh"],
        ...[outside, race, inside, attempt],
      ]);
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      await once(child, "close");
      const [, swaps, tries, seen] = /^(\d+) (\d+) (.*)$/m.exec(said) ?? [];
      expect(Number(swaps)).toBeGreaterThanOrEqual(100);
      expect(Number(tries)).toBeGreaterThanOrEqual(100);
      if (attempt === "read") expect(seen).toBe("the volume's");
      expect(existsSync(join(outside, "new"))).toBe(false);
      expect(readFileSync(join(outside, "word"), "utf8")).toBe("the host's");
    },
    90_000,
  );

  it("gives a link as it is, and follows it nowhere itself", () => {
    symlinkSync("/etc/passwd", join(folder.path, "passwd"));
    expect(execFileSync("readlink", [join(folder.path, "passwd")], { encoding: "utf8" })).toBe(
      "/etc/passwd\n",
    );
    expect(() => execFileSync("cat", [join(folder.path, "passwd", "x")], { stdio: "pipe" })).toThrow();
  });
});
