import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hostArchitecture, PullRig, pullRequirements } from "../helpers/registry/pull-rig.js";
import { forgetImagesOf } from "../helpers/registry/pulled-images.js";
import { TlsRegistry } from "../helpers/registry/tls-registry.js";
import { requires } from "../helpers/requires.js";

requires(...pullRequirements);

let rig: PullRig;
beforeAll(async () => {
  rig = await PullRig.start();
});
afterEach(() => rig.forget());
afterAll(() => rig[Symbol.asyncDispose]());

describe("nmzc run, of an image that the registry does not give", () => {
  it("says of a tag or a repository that is not there what to look at", async () => {
    await rig.refuses(`${rig.registry.host}/small:v9`, [
      /manifest unknown/,
      `${rig.registry.host} has no repository small, or not the tag v9`,
    ]);
    await rig.refuses(`${rig.registry.host}/no/such/thing:v1`, [
      `${rig.registry.host} has no repository no/such/thing`,
    ]);
  });

  it("tells who is not logged in how to", async () => {
    const stranger = rig.registry.writeConfig("stranger", {});
    await rig.refuses(
      `${rig.registry.host}/small:v1`,
      [`hint: log in (docker login ${rig.registry.host})`],
      [],
      rig.environment(stranger),
    );
  });

  it("tells whose login was refused where that login is from", async () => {
    const wrong = rig.registry.configFolder("wrong", { username: "jo", password: "guess" });
    await rig.refuses(
      `${rig.registry.host}/small:v1`,
      [
        `${rig.registry.host} refused the login of ${wrong}/config.json: log in again (docker login ${rig.registry.host})`,
      ],
      [],
      rig.environment(wrong),
    );
  });

  it.each(["credHelpers", "credsStore"])("takes the login from a program that %s names", async (key) => {
    const config = rig.registry.writeConfig(key, {
      [key]: key === "credsStore" ? "nmzt" : { [rig.registry.host]: "nmzt" },
    });
    const { username, password } = rig.registry.target.login;
    const answer = JSON.stringify({ ServerURL: rig.registry.host, Username: username, Secret: password });
    const program = join(config, "docker-credential-nmzt");
    writeFileSync(program, `#!/bin/sh\n[ "$1 $(cat)" = "get ${rig.registry.host}" ] && echo '${answer}'\n`);
    chmodSync(program, 0o755);
    const image = `${rig.registry.host}/small:v1`;
    const helped = await rig.run(image, [], {
      ...rig.environment(config),
      PATH: `${config}:${process.env["PATH"]}`,
    });
    expect(helped.stdout, helped.stderr).toBe(`small v1 ${hostArchitecture}\n`);
    await forgetImagesOf(rig.registry.host);
    await rig.refuses(
      image,
      ["docker-credential-nmzt", "hint: install docker-credential-nmzt"],
      [],
      rig.environment(config),
    );
  });

  it("says where an authority that the engine does not know is to be put", async () => {
    const stranger = await TlsRegistry.start({ addressOffset: 1 });
    try {
      const words = [
        /certificate signed by unknown authority/,
        `/etc/docker/certs.d/${stranger.host}/ca.crt`,
      ];
      await rig.refuses(`${stranger.host}/small:v1`, words);
    } finally {
      await stranger[Symbol.asyncDispose]();
    }
  });

  it("says that nobody listens where a registry is down", async () => {
    const nowhere = `${rig.registry.host.split(":")[0]}:1`;
    await rig.refuses(`${nowhere}/small:v1`, [/connection refused/, `hint: nobody listens at ${nowhere}`]);
  });
});
