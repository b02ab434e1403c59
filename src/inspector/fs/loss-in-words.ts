import type { LostFile } from "../../../runtime/kernel/index.js";

const namedFiles = 5;

/** "3 writes (12,288 bytes) in 2 files: log.1, index"; files that were lost several times count once. */
export function lossInWords(lost: readonly LostFile[]): string {
  if (lost.length === 0) return "nothing: everything was synced";
  const writes = lost.reduce((sum, file) => sum + file.writes, 0);
  const bytes = lost.reduce((sum, file) => sum + file.bytes, 0);
  const paths = [...new Set(lost.map(({ path }) => path))];
  const more = paths.length > namedFiles ? `, and ${paths.length - namedFiles} more` : "";
  const names = paths.slice(0, namedFiles).join(", ") + more;
  return (
    `${counted(writes, "write")} (${counted(bytes, "byte")}) ` +
    `in ${counted(paths.length, "file")}: ${names}`
  );
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}
