import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { forgetImagesOf, isPodman } from "../helpers/registry/pulled-images.js";
import { TlsRegistry } from "../helpers/registry/tls-registry.js";
import { digestOf, type UploadedManifest, uploadImage, uploadList } from "../helpers/registry/upload.js";
import { requires } from "../helpers/requires.js";
import { type Finished, runNmzc, startNmzc } from "../helpers/run-nmzc.js";

requires("root", "docker", "built", "docker-registry", "openssl", "gcc", "ip", "tar");

let folder: string;
let registry: TlsRegistry;
/** A layer with one static program, which prints its arguments: as much as an image must have to be run. */
let say: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-pull-"));
  writeFileSync(
    join(folder, "say.c"),
    "#include <stdio.h>\nint main(int c, char **v) { return puts(v[c - 1]) < 0; }\n",
  );
  mkdirSync(join(folder, "root"));
  execFileSync("gcc", ["-static", "-s", "-o", join(folder, "root/say"), join(folder, "say.c")]);
  say = execFileSync("tar", ["-C", join(folder, "root"), "-c", "say"], { maxBuffer: 1e8 });
  registry = await TlsRegistry.start();
  registry.trust();
  await upload("small", "v1");
});

afterEach(() => {
  registry.door.hurry();
  forgetImagesOf(registry.host);
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A layer that is new each time, so that no engine has it already; gzip does not make it smaller. */
function noise(sizeBytes: number): Buffer {
  writeFileSync(join(folder, "noise"), randomBytes(sizeBytes));
  return execFileSync("tar", ["-C", folder, "-c", "noise"], { maxBuffer: 1e9 });
}

function upload(
  repository: string,
  tag: string,
  more: readonly Buffer[] = [],
  architecture = hostArchitecture,
) {
  const command = ["/say", `${repository} ${tag} ${architecture}`];
  return uploadImage(registry.target, repository, tag, { layers: [say, ...more], command, architecture });
}

const hostArchitecture = process.arch === "x64" ? "amd64" : process.arch;
const otherArchitecture = hostArchitecture === "amd64" ? "arm64" : "amd64";

function argumentsFor(image: string, flags: readonly string[]): string[] {
  return ["run", "--rm", "--network", "none", "--nmz-disable", "ethernet,fs,proc", ...flags, image];
}

function environment(config = registry.configFolder("login")): NodeJS.ProcessEnv {
  return { ...process.env, DOCKER_CONFIG: config, XDG_STATE_HOME: join(folder, "state") };
}

function run(image: string, flags: readonly string[] = [], env = environment()): Promise<Finished> {
  return runNmzc(argumentsFor(image, flags), { env });
}

/** What nmzc says of an image that it cannot have: nothing ran, and these words were used. */
async function refuses(
  image: string,
  words: readonly (string | RegExp)[],
  flags: readonly string[] = [],
  env = environment(),
) {
  const { exitCode, stdout, stderr } = await run(image, flags, env);
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 125, stdout: "" });
  for (const each of [image, ...words]) expect(stderr).toMatch(each); // a string: that it is in there
}

describe("nmzc run, of an image in a registry with TLS and a login", () => {
  it("pulls a tag, says so in docker's words on stderr, and leaves stdout to the workload", async () => {
    const image = `${registry.host}/small:v1`;
    const { exitCode, stdout, stderr } = await run(image);
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
    const { digest } = await upload("digest", "v1");
    await upload("digest", "v2");
    const byDigest = await run(`${registry.host}/digest@${digest}`);
    expect(byDigest.stdout, byDigest.stderr).toBe(`digest v1 ${hostArchitecture}\n`);
    expect(byDigest.stderr).toContain(`Digest: ${digest}\n`);
    forgetImagesOf(registry.host);
    const beside = await run(`${registry.host}/digest:v2@${digest}`);
    expect(beside.stdout, beside.stderr).toBe(`digest v1 ${hostArchitecture}\n`);
  });

  it("says of a digest that is not there which one, and where", async () => {
    const digest = digestOf(Buffer.from("nothing has this"));
    await refuses(`${registry.host}/small@${digest}`, [
      `hint: see the spelling: ${registry.host} has no repository small`,
      `the digest ${digest}`,
    ]);
  });

  it("takes this machine's platform out of several, or the one that is asked for", async () => {
    const both: UploadedManifest[] = [];
    for (const architecture of [otherArchitecture, hostArchitecture]) {
      both.push(await upload("both", architecture, [noise(1_000)], architecture));
    }
    await uploadList(registry.target, "both", "v1", both);
    const image = `${registry.host}/both:v1`;
    const here = await run(image);
    expect(here.stdout, here.stderr).toBe(`both ${hostArchitecture} ${hostArchitecture}\n`);
    // The program in it is this machine's in truth, so that it runs.
    const other = await run(image, ["--platform", `linux/${otherArchitecture}`]);
    expect(other.stdout, other.stderr).toBe(`both ${otherArchitecture} ${otherArchitecture}\n`);
    forgetImagesOf(registry.host);
    await refuses(image, [`hint: ${image} is not there for linux/s390x`], ["--platform", "linux/s390x"]);
    await refuses(
      `${registry.host}/small:v1`,
      [
        `is there for linux/${hostArchitecture}, not for linux/${otherArchitecture}`,
        `--platform linux/${hostArchitecture}`,
      ],
      ["--platform", `linux/${otherArchitecture}`],
    );
  });

  it("looks in the registry always, when the image is missing, or never, as --pull says", async () => {
    const image = `${registry.host}/moving:latest`;
    await upload("moving", "latest");
    await refuses(image, ["No such image"], ["--pull", "never"]);
    expect((await run(image)).stdout).toBe(`moving latest ${hostArchitecture}\n`);
    const same = await run(image, ["--pull", "always"]);
    expect(same.stderr).toContain(`Status: Image is up to date for ${image}\n`);
    // The tag moves.
    const command = ["/say", "moved"];
    const { layers, architecture } = { layers: [say, noise(1_000)], architecture: hostArchitecture };
    await uploadImage(registry.target, "moving", "latest", { layers, command, architecture });
    expect((await run(image)).stdout).toBe(`moving latest ${hostArchitecture}\n`);
    expect((await run(image, ["--pull", "never"])).stdout).toBe(`moving latest ${hostArchitecture}\n`);
    const moved = await run(image, ["--pull", "always"]);
    expect(moved.stdout, moved.stderr).toBe("moved\n");
    expect(moved.stderr).toContain(`Status: Downloaded newer image for ${image}\n`);
  });

  it("says nothing of a pull with --quiet", async () => {
    const { stdout, stderr } = await run(`${registry.host}/small:v1`, ["--quiet"]);
    expect(stdout, stderr).toBe(`small v1 ${hostArchitecture}\n`);
    expect(stderr).not.toMatch(/Unable to find|Pulling|Digest|Status/);
  });
});

describe("nmzc run, of an image that the registry does not give", () => {
  it("says of a tag or a repository that is not there what to look at", async () => {
    await refuses(`${registry.host}/small:v9`, [
      /manifest unknown/,
      `${registry.host} has no repository small, or not the tag v9`,
    ]);
    await refuses(`${registry.host}/no/such/thing:v1`, [`${registry.host} has no repository no/such/thing`]);
  });

  it("tells who is not logged in how to", async () => {
    const stranger = registry.writeConfig("stranger", {});
    await refuses(
      `${registry.host}/small:v1`,
      [`hint: log in (docker login ${registry.host})`],
      [],
      environment(stranger),
    );
  });

  it("tells whose login was refused where that login is from", async () => {
    const wrong = registry.configFolder("wrong", { username: "jo", password: "guess" });
    await refuses(
      `${registry.host}/small:v1`,
      [
        `${registry.host} refused the login of ${wrong}/config.json: log in again (docker login ${registry.host})`,
      ],
      [],
      environment(wrong),
    );
  });

  it.each(["credHelpers", "credsStore"])("takes the login from a program that %s names", async (key) => {
    const config = registry.writeConfig(key, {
      [key]: key === "credsStore" ? "nmzt" : { [registry.host]: "nmzt" },
    });
    const { username, password } = registry.target.login;
    const answer = JSON.stringify({ ServerURL: registry.host, Username: username, Secret: password });
    const program = join(config, "docker-credential-nmzt");
    writeFileSync(program, `#!/bin/sh\n[ "$1 $(cat)" = "get ${registry.host}" ] && echo '${answer}'\n`);
    chmodSync(program, 0o755);
    const image = `${registry.host}/small:v1`;
    const helped = await run(image, [], { ...environment(config), PATH: `${config}:${process.env["PATH"]}` });
    expect(helped.stdout, helped.stderr).toBe(`small v1 ${hostArchitecture}\n`);
    forgetImagesOf(registry.host);
    await refuses(
      image,
      ["docker-credential-nmzt", "hint: install docker-credential-nmzt"],
      [],
      environment(config),
    );
  });

  it("says where an authority that the engine does not know is to be put", async () => {
    const stranger = await TlsRegistry.start({ addressOffset: 1 });
    try {
      const words = [
        /certificate signed by unknown authority/,
        `/etc/docker/certs.d/${stranger.host}/ca.crt`,
      ];
      await refuses(`${stranger.host}/small:v1`, words);
    } finally {
      await stranger[Symbol.asyncDispose]();
    }
  });

  it("says that nobody listens where a registry is down", async () => {
    const nowhere = `${registry.host.split(":")[0]}:1`;
    await refuses(`${nowhere}/small:v1`, [/connection refused/, `hint: nobody listens at ${nowhere}`]);
  });
});

describe("nmzc run, of an image whose pull is cut short", () => {
  it("goes on where it was when the registry is killed amid a blob and comes back", async () => {
    const sizeBytes = 24_000_000;
    await upload("cut", "v1", [noise(sizeBytes)]);
    const image = `${registry.host}/cut:v1`;
    registry.door.passedBytes = 0;
    registry.door.slowFromBytes = (sizeBytes * 2) / 3;
    const started = startNmzc(argumentsFor(image, []), { env: environment() });
    await expect
      .poll(() => registry.door.passedBytes, { timeout: 60_000 })
      .toBeGreaterThan((sizeBytes * 2) / 3);
    await registry.kill();
    registry.door.hurry();
    registry.door.passedBytes = 0;
    await registry.start();
    const end = await started.finished;
    if (isPodman) {
      // The difference "pull-resume": the user is told, and the next run succeeds.
      expect(end.stderr).toContain(`hint: the connection to ${registry.host} was lost: try again`);
      const next = await run(image);
      expect(next.stdout, next.stderr).toBe(`cut v1 ${hostArchitecture}\n`);
      return;
    }
    expect(end.stdout, end.stderr).toBe(`cut v1 ${hostArchitecture}\n`);
    expect(registry.door.passedBytes).toBeLessThan(sizeBytes * 0.6);
  });
});
