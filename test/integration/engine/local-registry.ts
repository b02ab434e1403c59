import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Login of the registry, and what htpasswd -nbB made of it. */
export const login = { username: "jo", password: "secret" } as const;
const passwordFile = "jo:$2y$05$Yv21TTqVDBoV6D7ecuPgJ.InrmFJOpLm3qhVLr5dX0Wa4Z7EQ.9Fy\n";

export interface LocalRegistry extends AsyncDisposable {
  /** "localhost:39123": the engine takes loopback registries without TLS. */
  readonly host: string;
  /** Logged in for docker's CLI and for nmzc, as `docker login` writes it. */
  readonly configFolder: string;
  push(image: string, name: string): string;
}

/** Debian's docker-registry on a free port of loopback, with its store in a temporary folder. */
export async function startLocalRegistry(options: { readonly hasLogin: boolean }): Promise<LocalRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "nmzc-registry-"));
  const host = `localhost:${await freePort()}`;
  const auth = options.hasLogin ? `auth:\n  htpasswd:\n    realm: test\n    path: ${folder}/htpasswd\n` : "";
  writeFileSync(join(folder, "htpasswd"), passwordFile);
  writeFileSync(
    join(folder, "registry.yml"),
    `version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: ${folder}/store\nhttp:\n  addr: 127.0.0.1:${host.split(":")[1]}\n${auth}`,
  );
  const encoded = Buffer.from(`${login.username}:${login.password}`).toString("base64");
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: { [host]: { auth: encoded } } }));
  const server = spawn("docker-registry", ["serve", join(folder, "registry.yml")], { stdio: "ignore" });
  await answers(`http://${host}/v2/`, server);
  return {
    host,
    configFolder: folder,
    push: (image, name) => {
      const reference = `${host}/${name}`;
      const docker = (...args: string[]) =>
        execFileSync("docker", args, { stdio: "pipe", env: { ...process.env, DOCKER_CONFIG: folder } });
      docker("tag", image, reference);
      docker("push", reference);
      docker("rmi", reference);
      return reference;
    },
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) throw new Error(`docker-registry ended with ${server.exitCode}`);
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`docker-registry does not answer at ${url}`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
