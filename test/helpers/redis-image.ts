import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { removeOldImage } from "./old-image.js";
import { baseImage } from "./requires.js";

/** Base image with the redis-server and redis-cli of this machine: a server and a client that nobody here wrote. */
export const redisImage = "nmzt/redis:latest";

/**
 * Debian's redis-tools has the server too: one program, which its name tells what to be. The package redis-server would
 * start one on this machine.
 */
const programs = { "redis-server": "redis-check-rdb", "redis-cli": "redis-cli" };

const inputsLabel = "nmzt.inputs";
const dockerfile = `FROM ${baseImage}
COPY redis /opt/redis
ENV PATH=/opt/redis/bin:/usr/bin:/bin LD_LIBRARY_PATH=/opt/redis/lib
`;

/** Makes the image, unless one of the same parts is there. Needs no image registry. */
export function makeRedisImage(): void {
  const files = Object.values(programs).map((program) => realpathSync(run("which", [program]).trim()));
  const libraries = [...new Set(files.flatMap(librariesOf))];
  const inputs = createHash("sha256").update(dockerfile).update(run("docker", baseId));
  for (const file of [...files, ...libraries]) inputs.update(readFileSync(file));
  const digest = inputs.digest("hex").slice(0, 16);
  const [old = "", madeOf] = look();
  if (madeOf === digest) return;
  const context = mkdtempSync("/var/tmp/nmzt-redis-image-");
  try {
    for (const folder of ["bin", "lib"]) mkdirSync(join(context, "redis", folder), { recursive: true });
    for (const [i, name] of Object.keys(programs).entries())
      run("cp", [files[i]!, join(context, "redis/bin", name)]);
    for (const file of libraries) run("cp", ["-L", file, join(context, "redis/lib", basename(file))]);
    writeFileSync(join(context, "Dockerfile"), dockerfile);
    const build = `tar -C '${context}' -c Dockerfile redis | docker build -q -t ${redisImage} --label ${inputsLabel}=${digest} -`;
    run("bash", ["-o", "pipefail", "-c", build]);
    removeOldImage(old);
  } finally {
    rmSync(context, { recursive: true });
  }
}

const baseId = ["image", "inspect", "-f", "{{.Id}}", baseImage];

/** The C library is the image's own. */
function librariesOf(program: string): string[] {
  const files = [...run("ldd", [program]).matchAll(/=> (\/\S+)/g)].map(([, file]) => file!);
  return files.filter((file) => !/^lib(c|m|dl|rt|pthread)\.so/.test(basename(file)));
}

/** The image's ID and what it was made of; nothing when there is none. */
function look(): readonly string[] {
  const format = `{{.Id}} {{index .Config.Labels "${inputsLabel}"}}`;
  try {
    return run("docker", ["image", "inspect", "-f", format, redisImage]).trim().split(" ");
  } catch {
    return [];
  }
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
}
