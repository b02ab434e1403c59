import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { makeCertificates } from "./certificates.js";
import { Door } from "./door.js";
import type { Target } from "./upload.js";

/** Who may pull, and what htpasswd -nbB made of it. */
const login = { username: "jo", password: "secret" } as const;
const passwordFile = "jo:$2y$05$Yv21TTqVDBoV6D7ecuPgJ.InrmFJOpLm3qhVLr5dX0Wa4Z7EQ.9Fy\n";

/**
 * Docker takes anything at 127.0.0.0/8 without looking at its certificate. So the registry is reached at an address of
 * the block for documentation (RFC 5737), which loopback gets for as long.
 */
const addressOf = (offset: number): string => `192.0.2.${1 + ((process.pid + offset) % 254)}`;

/** Both engines read it at each pull. */
const trustFolder = "/etc/docker/certs.d";

/** Debian's docker-registry with a certificate of our own authority and a login, behind a door. */
export class TlsRegistry implements AsyncDisposable {
  readonly host: string;
  readonly door: Door;
  readonly target: Target;
  readonly #folder: string;
  readonly #listener: { port: number };
  readonly #undo: (() => void)[];
  #server: ChildProcess | undefined;

  private constructor(
    folder: string,
    door: Door,
    { address, ca }: { address: string; ca: string },
    listener: { port: number },
    undo: (() => void)[],
  ) {
    this.#folder = folder;
    this.#listener = listener;
    this.#undo = undo;
    this.door = door;
    this.host = `${address}:${door.port}`;
    this.target = { host: this.host, ca, login };
  }

  /** Each registry of a test file needs an offset of its own. */
  static async start({ addressOffset = 0 } = {}): Promise<TlsRegistry> {
    const address = addressOf(addressOffset);
    const folder = mkdtempSync(join(tmpdir(), "nmzc-tls-registry-"));
    const undo: (() => void)[] = [() => rmSync(folder, { recursive: true, force: true })];
    let door: Door | undefined;
    let registry: TlsRegistry | undefined;
    try {
      execFileSync("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
      undo.push(() => execFileSync("ip", ["address", "del", `${address}/32`, "dev", "lo"]));
      const ca = writeSettings(folder, address);
      const listener = { port: 0 };
      door = await Door.open(address, () => listener.port);
      registry = new TlsRegistry(folder, door, { address, ca }, listener, undo);
      await registry.start();
      return registry;
    } catch (error) {
      // Nobody has it to dispose of, and the address would stay on loopback.
      await registry?.kill();
      await door?.[Symbol.asyncDispose]();
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  /** Again after `kill`, with what it had. */
  async start(): Promise<void> {
    // Between asking for a free port and listening there another may take it.
    for (let attempt = 1; ; attempt++) {
      this.#listener.port = await freePort();
      const env = { ...process.env, REGISTRY_HTTP_ADDR: `127.0.0.1:${this.#listener.port}` };
      const server = spawn("docker-registry", ["serve", join(this.#folder, "registry.yml")], {
        stdio: "ignore",
        env,
      });
      this.#server = server;
      if (await listens(this.#listener.port, server)) return;
      if (attempt === 3) throw new Error("docker-registry does not start");
    }
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, "exit");
    server.kill("SIGKILL");
    await gone;
  }

  /** The engine trusts the registry's authority from now on. */
  trust(): void {
    const folder = join(trustFolder, this.host);
    // Only what is made here is removed: somebody may trust other registries.
    const made = mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "ca.crt"), this.target.ca);
    this.#undo.push(() => {
      rmSync(folder, { recursive: true });
      for (
        let parent = dirname(folder);
        made !== undefined && parent.startsWith(made);
        parent = dirname(parent)
      ) {
        rmdirSync(parent);
      }
    });
  }

  /** A docker config with this login, for DOCKER_CONFIG. */
  configFolder(name: string, { username, password }: { username: string; password: string } = login): string {
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    return this.writeConfig(name, { auths: { [this.host]: { auth } } });
  }

  writeConfig(name: string, config: object): string {
    const folder = join(this.#folder, name);
    if (!existsSync(folder)) mkdirSync(folder);
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.door[Symbol.asyncDispose]();
    for (const step of this.#undo.reverse()) step();
  }
}

/** Returns the authority's certificate. */
function writeSettings(folder: string, address: string): string {
  const { ca, certificateFile, keyFile } = makeCertificates(folder, address);
  writeFileSync(join(folder, "htpasswd"), passwordFile);
  const auth = `auth:\n  htpasswd:\n    realm: test\n    path: ${folder}/htpasswd\n`;
  const tls = `  tls:\n    certificate: ${certificateFile}\n    key: ${keyFile}\n`;
  const store = `storage:\n  filesystem:\n    rootdirectory: ${folder}/store\n`;
  writeFileSync(
    join(folder, "registry.yml"),
    `version: 0.1\nlog:\n  level: error\n${store}${auth}http:\n${tls}`,
  );
  return ca;
}

async function listens(port: number, server: ChildProcess): Promise<boolean> {
  while (server.exitCode === null && server.signalCode === null) {
    const socket = connect(port, "127.0.0.1");
    const [isOpen] = await Promise.race([
      once(socket, "connect").then(() => [true]),
      once(socket, "close").then(() => [false]),
    ]).catch(() => [false]);
    socket.destroy();
    if (isOpen) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
