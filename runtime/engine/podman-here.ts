import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { basename } from "node:path";

/**
 * Whether root's own Podman listens at a socket, by what the kernel says: the socket is held by a process of ours that
 * runs /…/podman as root, in our user and mount namespaces. One that was forwarded from another machine is held by what
 * forwards it, and one that runs without root is in a user namespace. False where this cannot be told, as without root.
 * `proc` is another place for /proc, for tests.
 */
export function isRootPodmanHere(socketPath: string, proc = "/proc"): boolean {
  try {
    const inode = listeningInode(socketPath, `${proc}/net/unix`);
    if (inode === undefined) return false;
    return readdirSync(proc).some((pid) => /^\d+$/.test(pid) && isHolder(`${proc}/${pid}`, inode, proc));
  } catch {
    return false;
  }
}

/** Columns of proc_net_unix(5): number, references, protocol, flags, type, state, inode, path. */
function listeningInode(socketPath: string, table: string): string | undefined {
  // /var/run is a link: the socket may have been bound by the other name.
  const names = [socketPath, realpathSync(socketPath)];
  const inodes = readFileSync(table, "utf8")
    .split("\n")
    .map((line) => /^\S+: \S+ \S+ (\S+) \S+ \S+\s+(\d+) (.*)$/.exec(line))
    .filter((row) => row !== null && acceptsConnections(row[1]!) && names.includes(row[3]!))
    .map((row) => row![2]);
  // A second one was bound there later, or earlier: the path does not say to whom it leads.
  return inodes.length === 1 ? inodes[0] : undefined;
}

/** __SO_ACCEPTCON of linux/net.h */
function acceptsConnections(flags: string): boolean {
  return (Number.parseInt(flags, 16) & 0x10000) !== 0;
}

function isHolder(folder: string, inode: string, proc: string): boolean {
  try {
    if (readFileSync(`${folder}/comm`, "utf8") !== "podman\n") return false;
    if (basename(readlinkSync(`${folder}/exe`)) !== "podman" || statSync(folder).uid !== 0) return false;
    const isInOurs = (kind: string): boolean =>
      readlinkSync(`${folder}/ns/${kind}`) === readlinkSync(`${proc}/self/ns/${kind}`);
    if (!isInOurs("user") || !isInOurs("mnt")) return false;
    const sockets = readdirSync(`${folder}/fd`).map((fd) => linkOrNothing(`${folder}/fd/${fd}`));
    return sockets.includes(`socket:[${inode}]`);
  } catch {
    // It ended between the listing and the look, or is not ours to look into.
    return false;
  }
}

function linkOrNothing(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
