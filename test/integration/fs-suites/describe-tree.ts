import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * A folder as sorted lines "path type mode uid:gid content", to compare two of them. Content is a digest of a file and the
 * target of a link; it is left out for paths that `isVolatile` names, whose content holds times or inode numbers.
 */
export function describeTree(root: string, isVolatile: (path: string) => boolean): string[] {
  const lines: string[] = [];
  const visit = (path: string) => {
    const full = path === "" ? root : `${root}/${path}`;
    const stats = lstatSync(full);
    const type = stats.isDirectory() ? "folder" : stats.isSymbolicLink() ? "link" : "file";
    const mode = (stats.mode & 0o7777).toString(8);
    let content = "";
    if (type === "link") content = readlinkSync(full);
    else if (type === "file" && isVolatile(path)) content = "volatile";
    else if (type === "file") content = createHash("sha256").update(readFileSync(full)).digest("hex");
    lines.push(`${path} ${type} ${mode} ${stats.uid}:${stats.gid} ${content}`);
    if (type !== "folder") return;
    for (const name of readdirSync(full)) visit(path === "" ? name : `${path}/${name}`);
  };
  visit("");
  return lines.sort();
}
