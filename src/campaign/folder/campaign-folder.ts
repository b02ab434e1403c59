import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { makeFolders, messageOf, NmzError } from "../../util/index.js";
import { type CampaignFile, campaignVersion } from "../format/index.js";

/** A campaign on disk. Paths are absolute where `folder` is. */
export interface StoredCampaign {
  readonly folder: string;
  readonly file: CampaignFile;
}

export function runsFileOf(folder: string): string {
  return join(folder, "runs.jsonl");
}

/** Where a run leaves what it leaves, relative to the campaign's folder: "runs/000042". */
export function runFolderName(run: number): string {
  return join("runs", String(run).padStart(6, "0"));
}

/** Makes the folder of a new campaign. Throws NMZ_CAMPAIGN_EXISTS, NMZ_CAMPAIGN_FOLDER. */
export function createCampaign(folder: string, file: Omit<CampaignFile, "nmzCampaign">): StoredCampaign {
  if (existsSync(join(folder, "campaign.json"))) {
    throw new NmzError("NMZ_CAMPAIGN_EXISTS", `there is a campaign in ${folder} already`, {
      hint: `go on with it: loop --resume ${folder}; or give --out another folder`,
    });
  }
  const whole: CampaignFile = { nmzCampaign: campaignVersion, ...file };
  try {
    makeFolders(join(folder, "runs"));
    // The environment that the user gave the workload is in it.
    writeWhole(join(folder, "campaign.json"), `${JSON.stringify(whole, undefined, 2)}\n`, 0o600);
  } catch (error) {
    throw new NmzError("NMZ_CAMPAIGN_FOLDER", `cannot make a campaign in ${folder}: ${messageOf(error)}`, {
      hint: "give --out a folder that can be written",
      cause: error,
    });
  }
  return { folder, file: whole };
}

/** Throws NMZ_CAMPAIGN_MISSING, NMZ_CAMPAIGN_DAMAGED, NMZ_CAMPAIGN_VERSION. */
export function openCampaign(folder: string): StoredCampaign {
  const path = join(folder, "campaign.json");
  let file: CampaignFile;
  try {
    file = JSON.parse(readFileSync(path, "utf8")) as CampaignFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new NmzError("NMZ_CAMPAIGN_MISSING", `there is no campaign in ${folder}`, {
        hint: "give the folder that `loop` named at its end: it holds campaign.json",
        cause: error,
      });
    }
    throw new NmzError("NMZ_CAMPAIGN_DAMAGED", `cannot read ${path}: ${messageOf(error)}`, {
      hint: "it is written whole or not at all: somebody changed it, or may not read it",
      cause: error,
    });
  }
  if (file?.nmzCampaign === campaignVersion) return { folder, file };
  throw new NmzError(
    "NMZ_CAMPAIGN_VERSION",
    `${path} is of version ${String(file?.nmzCampaign)}, and this nmz reads version ${campaignVersion}`,
    { hint: "read it with the nmz that wrote it" },
  );
}

/** A file that is there whole, on disk, or not at all. Throws what the file system throws. */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  const draft = `${path}.new`;
  try {
    const fd = openSync(draft, "w", mode);
    try {
      for (let rest = Buffer.from(text); rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
