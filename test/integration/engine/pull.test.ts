import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine, packFolder } from "../../../runtime/engine/index.js";
import { ensureImage } from "../../../src/container/pull/index.js";
import { requires } from "../../helpers/requires.js";
import { freePort, type LocalRegistry, login, startLocalRegistry } from "./local-registry.js";
import { removeImage } from "./remove-image.js";

requires("root", "docker", "docker-registry");

/** Made here, so that its layers are on no other shelf and a pull has something to do. */
const localImage = "nmzt-engine-pull:local";

let folder: string;
let engine: Engine;
let open: LocalRegistry;
let locked: LocalRegistry;
let inOpen: string;
let inLocked: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-pull-"));
  const root = join(folder, "root");
  mkdirSync(root);
  // What gzip cannot shrink, so that there is progress to see.
  writeFileSync(
    join(root, "noise"),
    Buffer.from(Array.from({ length: 3_000_000 }, () => Math.random() * 256)),
  );
  engine = await openEngine();
  await engine.importImage(await packFolder(root), localImage);
  [open, locked] = await Promise.all([
    startLocalRegistry({ hasLogin: false }),
    startLocalRegistry({ hasLogin: true }),
  ]);
  inOpen = open.push(localImage, "folder/image:v1");
  inLocked = locked.push(localImage, "image:v1");
  await removeImage(localImage);
});

afterAll(async () => {
  for (const image of [localImage, inOpen, inLocked]) await removeImage(image);
  await open[Symbol.asyncDispose]();
  await locked[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** An engine whose user has this docker config. */
function engineOf(configFolder: string, path = process.env["PATH"]): Promise<Engine> {
  return openEngine({ ...process.env, DOCKER_CONFIG: configFolder, PATH: path });
}

function output(extra: object = {}) {
  const words: string[] = [];
  return { write: (text: string) => words.push(text), text: () => words.join(""), ...extra };
}

describe("Pull from a registry", () => {
  it("brings a missing image and says so as docker does", async () => {
    const stderr = output();
    const image = await ensureImage(engine, inOpen, { pull: "missing", platform: undefined, stderr });
    expect(image.repoDigests[0]).toMatch(new RegExp(`^${open.host}/folder/image@sha256:`));
    expect(stderr.text()).toMatch(
      new RegExp(
        `^Unable to find image '${inOpen}' locally\nv1: Pulling from folder/image\n[0-9a-f]{12}: Pulling fs layer\n` +
          `(?:[0-9a-f]{12}: .*\n)*[0-9a-f]{12}: Pull complete\nDigest: sha256:[0-9a-f]{64}\n` +
          `Status: Downloaded newer image for ${inOpen}\n$`,
      ),
    );
    const again = output();
    await ensureImage(engine, inOpen, { pull: "always", platform: undefined, stderr: again });
    expect(again.text()).toContain(`Status: Image is up to date for ${inOpen}\n`);
  });

  it("draws bars on a terminal", async () => {
    await removeImage(inOpen);
    const stderr = output({ isTTY: true, columns: 200 });
    await ensureImage(engine, inOpen, { pull: "missing", platform: undefined, stderr });
    expect(stderr.text()).toMatch(
      /[0-9a-f]{12}: (?:Downloading|Extracting) {1,2}\[=*> *\] +[\d.]+k?M?B\/[\d.]+MB/,
    );
  });

  it("pulls by digest", async () => {
    const digest = (await engine.inspectImage(inOpen))?.repoDigests[0];
    await removeImage(inOpen);
    await ensureImage(engine, digest!, { pull: "missing", platform: undefined, stderr: output() });
    expect((await engine.inspectImage(digest!))?.repoDigests).toContain(digest);
    await removeImage(digest!);
  });

  it("logs in with what docker login wrote", async () => {
    const loggedIn = await engineOf(locked.configFolder);
    await ensureImage(loggedIn, inLocked, { pull: "missing", platform: undefined, stderr: output() });
    expect(await engine.inspectImage(inLocked)).toBeDefined();
    await removeImage(inLocked);
  });

  it("logs in with what a credential helper knows", async () => {
    const config = join(folder, "with-helper");
    mkdirSync(config);
    writeFileSync(join(config, "config.json"), JSON.stringify({ credHelpers: { [locked.host]: "nmzt" } }));
    const answer = JSON.stringify({
      ServerURL: locked.host,
      Username: login.username,
      Secret: login.password,
    });
    const helper = join(config, "docker-credential-nmzt");
    writeFileSync(
      helper,
      `#!/bin/sh\n[ "$1" = get ] && [ "$(cat)" = "${locked.host}" ] && echo '${answer}'\n`,
    );
    chmodSync(helper, 0o755);
    const withHelper = await engineOf(config, `${config}:${process.env["PATH"]}`);
    await ensureImage(withHelper, inLocked, { pull: "missing", platform: undefined, stderr: output() });
    expect(await engine.inspectImage(inLocked)).toBeDefined();
    await removeImage(inLocked);
  });

  it("says what is wrong and what to do when the login is missing", async () => {
    const stranger = await engineOf(folder);
    await expect(
      ensureImage(stranger, inLocked, { pull: "missing", platform: undefined, stderr: output() }),
    ).rejects.toMatchObject({
      code: "NMZ_PULL_FAILED",
      hint: expect.stringContaining(`docker login ${locked.host}`),
      exitCode: 125,
    });
  });

  it("says that a tag is not there", async () => {
    const missing = `${open.host}/folder/image:v2`;
    await expect(
      ensureImage(engine, missing, { pull: "missing", platform: undefined, stderr: output() }),
    ).rejects.toMatchObject({
      code: "NMZ_PULL_FAILED",
      message: expect.stringMatching(/v2.*(not found|manifest unknown)/),
      hint: expect.stringContaining("tag"),
    });
  });

  it("says that a registry is down", async () => {
    const nowhere = `localhost:${await freePort()}`;
    await expect(
      ensureImage(engine, `${nowhere}/image`, { pull: "missing", platform: undefined, stderr: output() }),
    ).rejects.toMatchObject({
      code: "NMZ_PULL_FAILED",
      message: expect.stringContaining("connection refused"),
      hint: expect.stringContaining(`nobody listens at ${nowhere}`),
    });
  });

  it("stops when it is told to", async () => {
    await removeImage(inOpen);
    const controller = new AbortController();
    const stderr = { write: () => controller.abort() };
    await expect(
      ensureImage(engine, inOpen, {
        pull: "missing",
        platform: undefined,
        stderr,
        signal: controller.signal,
      }),
    ).rejects.toMatchObject({ code: "NMZ_PULL_ABORTED" });
    expect(await engine.inspectImage(inOpen)).toBeUndefined();
  });
});
