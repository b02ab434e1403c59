import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { removeOldImage } from "./old-image.js";
import { baseImage } from "./requires.js";

/** Base image, this machine's JDK and Maven, a Maven repository for the fixture project, and class Orders in /opt/classes. */
export const javaImage = "nmzt/java:latest";

export const mavenProject = fileURLToPath(new URL("../fixtures/maven-project", import.meta.url));
const orders = fileURLToPath(new URL("../fixtures/java/Orders.java", import.meta.url));

const inputsLabel = "nmzt.inputs";
const dockerfile = `FROM ${baseImage}
COPY rootfs /
ENV PATH=/opt/jdk/bin:/opt/maven/bin:/usr/bin:/bin JAVA_HOME=/opt/jdk JAVA_TOOL_OPTIONS=-Dof.image=yes
`;

/** Makes the image, unless one of the same parts is there. Needs no image registry, but Maven Central the first time. */
export function makeJavaImage(): void {
  const inputs = inputsOf();
  const [old = "", madeOf] = look();
  if (madeOf === inputs) return;
  const context = mkdtempSync("/var/tmp/nmzt-java-image-");
  try {
    const root = join(context, "rootfs", "opt");
    mkdirSync(root, { recursive: true });
    copyHome("javac", join(root, "jdk"), ["jmods", "lib/src.zip", "man", "docs", "legal", "demo"]);
    copyHome("mvn", join(root, "maven"), ["man"]);
    run("javac", ["--release", "8", "-Xlint:-options", "-d", join(root, "classes"), orders]);
    fillRepository(context, join(root, "m2"));
    writeFileSync(join(context, "Dockerfile"), dockerfile);
    const build = `tar -C '${context}' -c Dockerfile rootfs | docker build -q -t ${javaImage} --label ${inputsLabel}=${inputs} -`;
    run("bash", ["-o", "pipefail", "-c", build]);
    removeOldImage(old);
  } finally {
    rmSync(context, { recursive: true });
  }
}

function inputsOf(): string {
  const parts = [run("java", ["-version"]), homeOf("javac"), run("mvn", ["-v"]), dockerfile];
  parts.push(readFileSync(orders, "utf8"), readFileSync(join(mavenProject, "pom.xml"), "utf8"), fillVersion);
  parts.push(run("docker", ["image", "inspect", "-f", "{{.Id}}", baseImage]));
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

/** The image's ID and what it was made of; nothing when there is none. */
function look(): readonly string[] {
  const format = `{{.Id}} {{index .Config.Labels "${inputsLabel}"}}`;
  try {
    return run("docker", ["image", "inspect", "-f", format, javaImage]).trim().split(" ");
  } catch {
    return [];
  }
}

/** Debian's homes are full of links to other folders. */
function copyHome(tool: string, target: string, without: readonly string[]): void {
  mkdirSync(target);
  const excluded = without.map((path) => `--exclude='./${path}'`).join(" ");
  run("bash", ["-o", "pipefail", "-c", `tar -C '${homeOf(tool)}' -ch ${excluded} . | tar -x -C '${target}'`]);
}

function homeOf(tool: string): string {
  return dirname(dirname(realpathSync(run("which", [tool]).trim())));
}

const fillVersion = "without _remote.repositories";

/** Whatever `mvn test` of the fixture project needs, so that it can be run offline. */
function fillRepository(context: string, repository: string): void {
  const project = join(context, "project");
  cpSync(mavenProject, project, { recursive: true });
  run("mvn", ["-B", "-q", "-ntp", "-f", project, `-Dmaven.repo.local=${repository}`, "test"]);
  // They name the repository, or the mirror of it, that each file came from; inside it may have another name.
  run("find", [repository, "-name", "_remote.repositories", "-delete"]);
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 150_000,
  });
}
