import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findCredentials as findLogin } from "../../../runtime/engine/registry-credentials.js";

const hub = "https://index.docker.io/v1/";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const findCredentials = async (...args: Parameters<typeof findLogin>) => (await findLogin(...args))?.auth;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nmzc-credentials-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function environmentWithHelper(name: string, script: string): Record<string, string> {
  const path = join(folder, `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return { PATH: `${folder}:${process.env["PATH"]}` };
}

describe("findCredentials", () => {
  it("is empty without a login", async () => {
    expect(await findCredentials(hub, {}, {})).toBeUndefined();
    // What docker leaves in the file where a store keeps the login.
    expect(await findCredentials(hub, { auths: { [hub]: {} } }, {})).toBeUndefined();
  });

  it("takes user and password out of the file, the password with all of its colons", async () => {
    const config = { auths: { "localhost:5000": { auth: base64("jo:a:b:c") } } };
    expect(await findCredentials("localhost:5000", config, {})).toEqual({
      username: "jo",
      password: "a:b:c",
      serveraddress: "localhost:5000",
    });
  });

  it("tells where the login is from, for who has to mend it", async () => {
    const config = { auths: { "localhost:5000": { auth: base64("jo:x") } } };
    const inFile = await findLogin("localhost:5000", config, { DOCKER_CONFIG: "/home/jo/.docker" });
    expect(inFile?.from).toBe("/home/jo/.docker/config.json");
    const environment = environmentWithHelper("mine", `echo '{"Username":"jo","Secret":"x"}'`);
    const inStore = await findLogin(hub, { credsStore: "mine" }, environment);
    expect(inStore?.from).toBe("docker-credential-mine");
  });

  it("finds a login that was kept under a URL", async () => {
    const config = { auths: { "https://localhost:5000/v1/": { auth: base64("jo:x") } } };
    expect(await findCredentials("localhost:5000", config, {})).toMatchObject({ username: "jo" });
  });

  it("passes an identity token on", async () => {
    const config = { auths: { [hub]: { auth: base64("<token>:"), identitytoken: "abc" } } };
    expect(await findCredentials(hub, config, {})).toMatchObject({
      identitytoken: "abc",
      serveraddress: hub,
    });
  });

  it("says so when the login is damaged", async () => {
    const config = { auths: { [hub]: { auth: base64("no colon") } } };
    await expect(findCredentials(hub, config, {})).rejects.toMatchObject({
      code: "CREDENTIALS",
      hint: `log in again: docker login ${hub}`,
    });
  });

  it("asks the registry's own helper before the store and the file, with the registry on stdin", async () => {
    const environment = environmentWithHelper(
      "mine",
      `cat > "${folder}/asked"; echo '{"ServerURL":"x","Username":"jo","Secret":"s3cret"}'`,
    );
    const config = {
      credsStore: "other",
      credHelpers: { "localhost:5000": "mine" },
      auths: { "localhost:5000": { auth: base64("file:file") } },
    };
    expect(await findCredentials("localhost:5000", config, environment)).toEqual({
      username: "jo",
      password: "s3cret",
      serveraddress: "localhost:5000",
    });
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe("localhost:5000");
  });

  it("takes the secret of the user <token> for an identity token", async () => {
    const environment = environmentWithHelper("mine", `echo '{"Username":"<token>","Secret":"abc"}'`);
    expect(await findCredentials(hub, { credsStore: "mine" }, environment)).toEqual({
      identitytoken: "abc",
      serveraddress: hub,
    });
  });

  it("is empty when the helper knows no such registry", async () => {
    const environment = environmentWithHelper(
      "mine",
      `echo "credentials not found in native keychain"; exit 1`,
    );
    expect(await findCredentials(hub, { credsStore: "mine" }, environment)).toBeUndefined();
  });

  it.each([
    ["fails", `echo "keychain is locked"; exit 2`, "keychain is locked"],
    ["answers nonsense", "echo nonsense", "not JSON"],
  ])("says so when the helper %s", async (_, script, words) => {
    const environment = environmentWithHelper("mine", script);
    await expect(findCredentials(hub, { credsStore: "mine" }, environment)).rejects.toMatchObject({
      code: "CREDENTIALS",
      message: expect.stringContaining(words),
    });
  });

  it("names the program when the helper is not installed", async () => {
    await expect(findCredentials(hub, { credsStore: "absent" }, { PATH: folder })).rejects.toMatchObject({
      code: "CREDENTIALS",
      message: expect.stringContaining("docker-credential-absent"),
      hint: expect.stringContaining("install docker-credential-absent"),
    });
  });
});
