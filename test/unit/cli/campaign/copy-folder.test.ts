import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyFolder } from "../../../../src/cli/campaign/copy-folder.js";

let place = "";
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "copy-"));
  mkdirSync(join(place, "src/deep/er"), { recursive: true });
  writeFileSync(join(place, "src/deep/er/-file"), "text", { mode: 0o741 });
  symlinkSync("nowhere", join(place, "src/link"));
  utimesSync(join(place, "src"), 1, 1000);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function expectCopy(): void {
  expect(readFileSync(join(place, "copy/deep/er/-file"), "utf8")).toBe("text");
  expect(statSync(join(place, "copy/deep/er/-file")).mode & 0o777).toBe(0o741);
  expect(readlinkSync(join(place, "copy/link"))).toBe("nowhere");
  expect(statSync(join(place, "copy")).mtimeMs).toBe(1_000_000);
}

describe("copyFolder", () => {
  it("keeps modes, times and links", async () => {
    await copyFolder(join(place, "src"), join(place, "copy"), join(place, "elsewhere"));
    expectCopy();
  });

  it("copies a file", async () => {
    await copyFolder(join(place, "src/deep/er/-file"), join(place, "copy"), place);
    expect(readFileSync(join(place, "copy"), "utf8")).toBe("text");
  });

  it("copies what a link leads to, which the runs would share otherwise", async () => {
    symlinkSync("src", join(place, "here"));
    mkdirSync(join(place, "src/nmz-loop/c"), { recursive: true });
    utimesSync(join(place, "src"), 1, 1000);
    await copyFolder(join(place, "here"), join(place, "copy"), join(place, "here/nmz-loop"));
    expect(lstatSync(join(place, "copy")).isDirectory()).toBe(true);
    expectCopy();
    expect(existsSync(join(place, "copy/nmz-loop"))).toBe(false);
  });

  it.each(["src/nmz-loop", "src/deep/nmz-loop", "src/deep/er/nmz-loop/campaign"])(
    "leaves out a campaign in %s, and nothing beside it",
    async (campaign) => {
      mkdirSync(join(place, campaign, "runs"), { recursive: true });
      utimesSync(join(place, "src"), 1, 1000);
      await copyFolder(join(place, "src"), join(place, "copy"), join(place, campaign));
      expectCopy();
      expect(existsSync(join(place, campaign.replace("src", "copy")))).toBe(false);
    },
  );

  it("says what cannot be copied", async () => {
    const copying = copyFolder(join(place, "none"), join(place, "copy"), "/elsewhere");
    await expect(copying).rejects.toMatchObject({
      message: `there is no ${join(place, "none")} to be copied for a run`,
      hint: expect.stringContaining("make the folder"),
    });
    const again = copyFolder(join(place, "src"), join(place, "no/such/place"), "/elsewhere");
    await expect(again).rejects.toMatchObject({ hint: expect.stringContaining("make room") });
  });
});
