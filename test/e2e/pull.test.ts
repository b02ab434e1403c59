import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hostArchitecture, PullRig, pullRequirements } from "../helpers/registry/pull-rig.js";
import { forgetImagesOf } from "../helpers/registry/pulled-images.js";
import { digestOf, type UploadedManifest, uploadImage, uploadList } from "../helpers/registry/upload.js";
import { requires } from "../helpers/requires.js";

requires(...pullRequirements);

let rig: PullRig;
beforeAll(async () => {
  rig = await PullRig.start();
});
afterEach(() => rig.forget());
afterAll(() => rig[Symbol.asyncDispose]());

const otherArchitecture = hostArchitecture === "amd64" ? "arm64" : "amd64";

describe("nmzc run, of an image in a registry with TLS and a login", () => {
  it("pulls a tag, says so in docker's words on stderr, and leaves stdout to the workload", async () => {
    const image = `${rig.registry.host}/small:v1`;
    const { exitCode, stdout, stderr } = await rig.run(image);
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: `small v1 ${hostArchitecture}\n` });
    const lines = stderr.split("\n");
    expect(lines[0]).toBe(`Unable to find image '${image}' locally`);
    expect(lines[1]).toBe("v1: Pulling from small");
    expect(lines[2]).toMatch(/^[0-9a-f]{12}: Pulling fs layer$/);
    expect(lines.filter((line) => /^[0-9a-f]{12}: (?:Pull|Download) complete$/.test(line))).not.toEqual([]);
    const end = lines.findIndex((line) => line.startsWith("Digest: "));
    expect(lines[end]).toMatch(/^Digest: sha256:[0-9a-f]{64}$/);
    expect(lines[end + 1]).toBe(`Status: Downloaded newer image for ${image}`);
    expect(stderr).not.toContain("\x1b");
  });

  it("pulls a digest, also beside a tag, which then counts for nothing", async () => {
    const { digest } = await rig.upload("digest", "v1");
    await rig.upload("digest", "v2");
    const byDigest = await rig.run(`${rig.registry.host}/digest@${digest}`);
    expect(byDigest.stdout, byDigest.stderr).toBe(`digest v1 ${hostArchitecture}\n`);
    expect(byDigest.stderr).toContain(`Digest: ${digest}\n`);
    await forgetImagesOf(rig.registry.host);
    const beside = await rig.run(`${rig.registry.host}/digest:v2@${digest}`);
    expect(beside.stdout, beside.stderr).toBe(`digest v1 ${hostArchitecture}\n`);
  });

  it("says of a digest that is not there which one, and where", async () => {
    const digest = digestOf(Buffer.from("nothing has this"));
    await rig.refuses(`${rig.registry.host}/small@${digest}`, [
      `hint: see the spelling: ${rig.registry.host} has no repository small`,
      `the digest ${digest}`,
    ]);
  });

  it("takes this machine's platform out of several, or the one that is asked for", async () => {
    const both: UploadedManifest[] = [];
    for (const architecture of [otherArchitecture, hostArchitecture]) {
      both.push(await rig.upload("both", architecture, [rig.noise(1_000)], architecture));
    }
    await uploadList(rig.registry.target, "both", "v1", both);
    const image = `${rig.registry.host}/both:v1`;
    const here = await rig.run(image);
    expect(here.stdout, here.stderr).toBe(`both ${hostArchitecture} ${hostArchitecture}\n`);
    // The program in it is this machine's in truth, so that it runs.
    const other = await rig.run(image, ["--platform", `linux/${otherArchitecture}`]);
    expect(other.stdout, other.stderr).toBe(`both ${otherArchitecture} ${otherArchitecture}\n`);
    await forgetImagesOf(rig.registry.host);
    await rig.refuses(image, [`hint: ${image} is not there for linux/s390x`], ["--platform", "linux/s390x"]);
    await rig.refuses(
      `${rig.registry.host}/small:v1`,
      [
        `is there for linux/${hostArchitecture}, not for linux/${otherArchitecture}`,
        `--platform linux/${hostArchitecture}`,
      ],
      ["--platform", `linux/${otherArchitecture}`],
    );
  });

  it("looks in the registry always, when the image is missing, or never, as --pull says", async () => {
    const image = `${rig.registry.host}/moving:latest`;
    await rig.upload("moving", "latest");
    await rig.refuses(image, ["No such image"], ["--pull", "never"]);
    expect((await rig.run(image)).stdout).toBe(`moving latest ${hostArchitecture}\n`);
    const same = await rig.run(image, ["--pull", "always"]);
    expect(same.stderr).toContain(`Status: Image is up to date for ${image}\n`);
    // The tag moves.
    const command = ["/say", "moved"];
    const { layers, architecture } = { layers: [rig.say, rig.noise(1_000)], architecture: hostArchitecture };
    await uploadImage(rig.registry.target, "moving", "latest", { layers, command, architecture });
    expect((await rig.run(image)).stdout).toBe(`moving latest ${hostArchitecture}\n`);
    expect((await rig.run(image, ["--pull", "never"])).stdout).toBe(`moving latest ${hostArchitecture}\n`);
    const moved = await rig.run(image, ["--pull", "always"]);
    expect(moved.stdout, moved.stderr).toBe("moved\n");
    expect(moved.stderr).toContain(`Status: Downloaded newer image for ${image}\n`);
  });

  it("says nothing of a pull with --quiet", async () => {
    const { stdout, stderr } = await rig.run(`${rig.registry.host}/small:v1`, ["--quiet"]);
    expect(stdout, stderr).toBe(`small v1 ${hostArchitecture}\n`);
    expect(stderr).not.toMatch(/Unable to find|Pulling|Digest|Status/);
  });
});
