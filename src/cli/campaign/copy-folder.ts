import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { messageOf, NmzError } from "../../util/index.js";

const run = promisify(execFile);

/** Names that go to one `cp`; the kernel takes 128 KiB of words and more. */
const namesAtOnce = 500;

/**
 * A copy of a folder or a file with all that `cp -a` keeps (owners, modes, times, links), sharing its blocks where the file
 * system can. What lies in `without` is left out: the campaign that copies must not be in its own copies. Throws
 * NMZ_CAMPAIGN_COPY.
 */
export async function copyFolder(source: string, target: string, without: string): Promise<void> {
  if (!existsSync(source)) {
    throw new NmzError("NMZ_CAMPAIGN_COPY", `there is no ${source} to be copied for a run`, {
      hint: "correct the -v, or make the folder: with --copy-volumes none is made for you",
    });
  }
  try {
    // `cp -a` copies a link as a link, and the runs would share what it leads to.
    await copy(realpathSync(source), target, existsSync(without) ? realpathSync(without) : without);
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    const what = stderr === undefined || stderr === "" ? messageOf(error) : stderr.trim().split("\n")[0]!;
    throw new NmzError("NMZ_CAMPAIGN_COPY", `cannot copy ${source} for a run: ${what}`, {
      hint: "make room, or leave --copy-volumes out",
      cause: error,
    });
  }
}

async function copy(source: string, target: string, without: string): Promise<void> {
  const inside = relative(source, without);
  const [next] = inside.split(sep);
  if (inside === "" && statSync(source).isDirectory()) return;
  if (next === undefined || next === "" || next === ".." || !statSync(source).isDirectory()) {
    await run("cp", ["-a", "--reflink=auto", "--", source, target]);
    return;
  }
  mkdirSync(target);
  const names = readdirSync(source).filter((name) => name !== next);
  for (let from = 0; from < names.length; from += namesAtOnce) {
    const some = names.slice(from, from + namesAtOnce).map((name) => join(source, name));
    await run("cp", ["-a", "--reflink=auto", "-t", target, "--", ...some]);
  }
  const rest = join(source, next);
  if (statSync(rest, { throwIfNoEntry: false }) !== undefined) {
    await copy(rest, join(target, basename(rest)), without);
  }
  await run("chown", [`--reference=${source}`, "--", target]);
  await run("chmod", [`--reference=${source}`, "--", target]);
  await run("touch", [`--reference=${source}`, "--", target]);
}
