import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, NmzError } from "../../util/index.js";
import type { FailureSignature } from "../../verdict/index.js";
import { writeWhole } from "../folder/index.js";

/** The version of known.json. */
const knownVersion = 1;

/** A failure that some campaign had. */
export interface KnownFailure {
  readonly signature: FailureSignature;
  readonly title: string;
  /** The campaign that had it last, and when that one began (ISO 8601). */
  readonly campaign: string;
  readonly seenAt: string;
}

/** So many are kept, those that were seen last: the file is carried from job to job. */
const mostKnown = 5000;

/** Of known.json, or of `report --format json`. Throws NMZ_KNOWN_DAMAGED, NMZ_KNOWN_VERSION; ENOENT as it comes. */
export function readKnownFile(path: string): readonly KnownFailure[] {
  const text = readFileSync(path, "utf8");
  let file: Readonly<Record<string, unknown>>;
  try {
    file = Object(JSON.parse(text));
  } catch (error) {
    throw damaged(path, messageOf(error), error);
  }
  const version = file["nmzKnown"] ?? file["nmzReport"];
  if (version === undefined) throw damaged(path, "it is neither known.json nor a report in JSON", undefined);
  if (version !== knownVersion) {
    throw new NmzError(
      "NMZ_KNOWN_VERSION",
      `${path} is of version ${String(version)}, and this nmz reads version ${knownVersion}`,
      { hint: "begin a new one: remove it, and what fails next counts as new" },
    );
  }
  const { id, startedAt } = Object(file["campaign"]) as Record<string, unknown>;
  const failures = file["failures"];
  if (!Array.isArray(failures)) throw damaged(path, "it lists no failures", undefined);
  return failures.map((each) => {
    const known = knownFailure({ campaign: id, seenAt: startedAt, ...each });
    if (known === undefined) throw damaged(path, "one of its failures has no signature", undefined);
    return known;
  });
}

/** Those of `now` take the place of the same ones before. Throws NMZ_KNOWN_WRITE. */
export function writeKnownFile(
  path: string,
  before: readonly KnownFailure[],
  now: readonly KnownFailure[],
): void {
  const byId = new Map<string, KnownFailure>();
  // In the order in which they were seen: the last one of a signature stays.
  const bySight = [...before].sort((a, b) => (a.seenAt < b.seenAt ? -1 : a.seenAt > b.seenAt ? 1 : 0));
  for (const failure of [...bySight, ...now]) {
    byId.delete(failure.signature.id);
    byId.set(failure.signature.id, failure);
  }
  const failures = [...byId.values()].slice(-mostKnown).map(({ signature, title, campaign, seenAt }) => ({
    ...signature,
    ...{ title, campaign, seenAt },
  }));
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, `${JSON.stringify({ nmzKnown: knownVersion, failures }, undefined, 1)}\n`);
  } catch (error) {
    throw new NmzError("NMZ_KNOWN_WRITE", `cannot write ${path}: ${messageOf(error)}`, {
      hint: "without it the next campaign takes these failures for new",
      cause: error,
    });
  }
}

function knownFailure(entry: Readonly<Record<string, unknown>>): KnownFailure | undefined {
  const { id, message, frames, title, campaign, seenAt } = entry;
  if (typeof id !== "string" || typeof message !== "string" || !Array.isArray(frames)) return undefined;
  return {
    signature: { id, message, frames: frames.map(String) },
    ...{ title: String(title ?? message), campaign: String(campaign ?? ""), seenAt: String(seenAt ?? "") },
  };
}

function damaged(path: string, what: string, cause: unknown): NmzError {
  return new NmzError("NMZ_KNOWN_DAMAGED", `cannot read ${path}: ${what}`, {
    hint: "give known.json of a campaign's folder, the folder, or what `report --format json` writes",
    cause,
  });
}
