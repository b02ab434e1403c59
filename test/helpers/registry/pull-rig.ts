import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { type Finished, runNmzc } from "../run-nmzc.js";
import { forgetImagesOf } from "./pulled-images.js";
import { TlsRegistry } from "./tls-registry.js";
import { type UploadedManifest, uploadImage } from "./upload.js";

/** What a test file needs that uses a PullRig. */
export const pullRequirements = [
  ...["root", "docker", "built", "docker-registry", "openssl", "gcc", "ip", "tar"],
] as const;

export const hostArchitecture = process.arch === "x64" ? "amd64" : process.arch;

/** A registry with TLS and a login, images in it that say what they are, and `nmzc run` of these. */
export class PullRig {
  readonly folder: string;
  readonly registry: TlsRegistry;
  /** A layer with one static program, which prints its last argument: as much as an image must have to be run. */
  readonly say: Buffer;

  private constructor(folder: string, registry: TlsRegistry, say: Buffer) {
    this.folder = folder;
    this.registry = registry;
    this.say = say;
  }

  /** With the image small:v1. */
  static async start(): Promise<PullRig> {
    const folder = mkdtempSync(join(tmpdir(), "nmzc-pull-"));
    const source = "#include <stdio.h>\nint main(int c, char **v) { return puts(v[c - 1]) < 0; }\n";
    writeFileSync(join(folder, "say.c"), source);
    mkdirSync(join(folder, "root"));
    execFileSync("gcc", ["-static", "-s", "-o", join(folder, "root/say"), join(folder, "say.c")]);
    const say = execFileSync("tar", ["-C", join(folder, "root"), "-c", "say"], { maxBuffer: 1e8 });
    const registry = await TlsRegistry.start();
    registry.trust();
    const rig = new PullRig(folder, registry, say);
    await rig.upload("small", "v1");
    return rig;
  }

  /** After each test. */
  forget(): Promise<void> {
    this.registry.door.hurry();
    return forgetImagesOf(this.registry.host);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.registry[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true });
  }

  /** A layer that is new each time, so that no engine has it already; gzip does not make it smaller. */
  noise(sizeBytes: number): Buffer {
    writeFileSync(join(this.folder, "noise"), randomBytes(sizeBytes));
    return execFileSync("tar", ["-C", this.folder, "-c", "noise"], { maxBuffer: 1e9 });
  }

  upload(
    repository: string,
    tag: string,
    more: readonly Buffer[] = [],
    architecture = hostArchitecture,
  ): Promise<UploadedManifest> {
    const command = ["/say", `${repository} ${tag} ${architecture}`];
    const content = { layers: [this.say, ...more], command, architecture };
    return uploadImage(this.registry.target, repository, tag, content);
  }

  environment(config = this.registry.configFolder("login")): NodeJS.ProcessEnv {
    return { ...process.env, DOCKER_CONFIG: config, XDG_STATE_HOME: join(this.folder, "state") };
  }

  run(image: string, flags: readonly string[] = [], env = this.environment()): Promise<Finished> {
    return runNmzc(argumentsFor(image, flags), { env });
  }

  /** What nmzc says of an image that it cannot have: nothing ran, and these words were used. */
  async refuses(
    image: string,
    words: readonly (string | RegExp)[],
    flags: readonly string[] = [],
    env = this.environment(),
  ): Promise<void> {
    const { exitCode, stdout, stderr } = await this.run(image, flags, env);
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 125, stdout: "" });
    for (const each of [image, ...words]) expect(stderr).toMatch(each); // a string: that it is in there
  }
}

/** Of `nmzc`, for a run that nothing shakes. */
export function argumentsFor(image: string, flags: readonly string[]): string[] {
  return ["run", "--rm", "--network", "none", "--nmz-disable", "ethernet,fs,proc", ...flags, image];
}
