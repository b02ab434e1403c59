import { posix, resolve } from "node:path";
import type { VolumeRequest } from "../../container/run-request.js";

const propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];

/** What a mode word of `-v` is about; docker takes at most one word of each kind. */
const modeKinds: Readonly<Record<string, string>> = {
  ro: "access",
  rw: "access",
  z: "label",
  Z: "label",
  nocopy: "copy",
  consistent: "consistency",
  cached: "consistency",
  delegated: "consistency",
  ...Object.fromEntries(propagations.map((word) => [word, "propagation"])),
};

/** `-v [SOURCE:]TARGET[:ro|rw|z|Z|nocopy|PROPAGATION,…]`; a SOURCE that begins with "/" or "." is a path, another a volume's name. */
export function parseVolume(text: string, cwd: string): VolumeRequest {
  const parts = text.split(":");
  if (parts.length > 3) throw new Error("too many colons");
  if (parts.includes("")) throw new Error("empty section between colons");
  const [source, target, mode] =
    parts.length === 1 ? [undefined, parts[0]!, ""] : [parts[0]!, parts[1]!, parts[2] ?? ""];
  const isPath = source !== undefined && /^[./~]/.test(source);
  if (source !== undefined && !isPath) checkVolumeName(source);
  if (source?.startsWith("~")) {
    throw new Error(`"${source}" is no absolute path: the shell expands ~ only at the beginning of a word`);
  }
  const words = mode === "" ? [] : mode.split(",");
  checkMode(words, isPath);
  return {
    type: isPath ? "bind" : "volume",
    source: isPath ? resolve(cwd, source) : source,
    target: parseTarget(target),
    isReadOnly: words.includes("ro"),
    createSource: true,
    noCopy: words.includes("nocopy"),
    options: words.filter((word) => !["ro", "rw", "nocopy"].includes(word)),
    driver: undefined,
    driverOptions: {},
    labels: {},
  };
}

/** A path in the container, without "." and ".." and a slash at its end. */
export function parseTarget(target: string): string {
  if (!target.startsWith("/")) throw new Error(`invalid mount path: '${target}' mount path must be absolute`);
  const clean = posix.normalize(target).replace(/(?<=.)\/$/, "");
  if (clean === "/") throw new Error("invalid specification: destination can't be '/'");
  return clean;
}

export function checkVolumeName(name: string): void {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) {
    throw new Error(
      `"${name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed; a folder needs an absolute path or "./"`,
    );
  }
  if (name.length < 2)
    throw new Error("volume name is too short, names should be at least two alphanumeric characters");
}

function checkMode(words: readonly string[], isPath: boolean): void {
  const seen = new Set<string>();
  for (const word of words) {
    const kind = Object.hasOwn(modeKinds, word) ? modeKinds[word]! : undefined;
    if (kind === undefined || seen.has(kind)) throw new Error(`invalid mode: ${words.join(",")}`);
    if (kind === "propagation" && !isPath)
      throw new Error(`invalid mode: ${word}: only a folder has a propagation`);
    if (kind === "copy" && isPath)
      throw new Error("invalid mode: nocopy: a folder of the host is never copied to");
    seen.add(kind);
  }
}
