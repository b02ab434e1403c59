import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireShared } from "../../../src/container/from-inside/require-shared.js";
import type { NmzError } from "../../../src/util/index.js";

let place: string;
beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), "nmzc-shared-")));
});
afterEach(() => rmSync(place, { recursive: true }));

const mounts = (...lines: readonly string[]): string =>
  ["1 0 0:1 / / rw - overlay overlay rw", ...lines].map((line) => `${line}\n`).join("");
const bind = (target: string, type = "ext4"): string => `2 1 8:1 /home ${target} rw - ${type} /dev/sda1 rw`;

interface Asked {
  readonly isWritten?: boolean;
  readonly kind?: "file" | "folder";
  readonly cwd?: string;
  readonly mountinfo?: string;
}

/** The hint of the refusal; undefined: it is taken. */
function asked(
  path: string,
  { isWritten = false, kind = "file", cwd = "/", mountinfo = mounts() }: Asked = {},
) {
  try {
    requireShared({ title: "--flag", path, kind, isWritten }, cwd, mountinfo);
    return undefined;
  } catch (error) {
    expect((error as NmzError).message).toContain(`--flag ${path}: `);
    expect((error as NmzError).code).toBe("NMZ_IMAGE_PATH");
    return (error as NmzError).hint?.replace(" to the command that starts nmzc's container", "");
  }
}

describe("requireShared", () => {
  it("takes what is there to read, of a mount or of the image", () => {
    writeFileSync(join(place, "env"), "A=1\n");
    expect(asked(join(place, "env"))).toBeUndefined();
    expect(asked("env", { cwd: place })).toBeUndefined();
  });

  it("names the mount of what is not there to read", () => {
    expect(asked("/no/such.env")).toBe("add -v /no/such.env:/no/such.env");
    expect(asked("such.env")).toBe("add -v $PWD:$PWD -w $PWD");
    expect(asked("../such.env", { cwd: place })).toBe(
      `add -v ${join(place, "../such.env")}:${join(place, "../such.env")}`,
    );
  });

  it("leaves to whoever reads it what is missing below a mount", () => {
    expect(asked(join(place, "such.env"), { mountinfo: mounts(bind(place)) })).toBeUndefined();
    expect(asked(`${place}-beside/such.env`, { mountinfo: mounts(bind(place)) })).toBeDefined();
  });

  it("refuses to write what would go with the container, though the folder is there", () => {
    const written = { isWritten: true } as const;
    expect(asked(place, { ...written, kind: "folder" })).toBe(`add -v ${place}:${place}`);
    expect(asked(join(place, "cid"), written)).toBe(`add -v ${place}:${place}`);
    expect(asked("/cid", written)).toBe("add -v $PWD:$PWD, name a path below it,");
    expect(asked("out", { ...written, kind: "folder" })).toBe("add -v $PWD:$PWD -w $PWD");
  });

  it("takes what is written below a mount, and not in memory that is mounted there", () => {
    const written = { isWritten: true, kind: "folder" } as const;
    const shared = mounts(bind(place));
    expect(asked(join(place, "out/deep"), { ...written, mountinfo: shared })).toBeUndefined();
    expect(asked("out", { ...written, cwd: place, mountinfo: shared })).toBeUndefined();
    const hidden = mounts(bind(place), bind(join(place, "memory"), "tmpfs"));
    expect(asked(join(place, "memory/out"), { ...written, mountinfo: hidden })).toBeDefined();
  });

  it("follows a link to where the file would really be", () => {
    symlinkSync("/nowhere-mounted", join(place, "link"));
    symlinkSync(place, join(place, "inside"));
    const written = { isWritten: true, kind: "folder", mountinfo: mounts(bind(place)) } as const;
    expect(asked(join(place, "inside/out"), written)).toBeUndefined();
    symlinkSync("/usr", join(place, "usr"));
    expect(asked(join(place, "usr/out"), written)).toBeDefined();
  });
});
