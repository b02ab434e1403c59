import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MountedFolder, originalHooks } from "../../helpers/mounted-folder.js";
import { requires } from "../../helpers/requires.js";
import { describeTree } from "./describe-tree.js";
import { type ProgramResult, runProgram } from "./run-program.js";
import { suiteCache } from "./suite-cache.js";

requires("root", "fuse", "built", "git", "make", "gcc", "npm", "mvn", "javac", "cargo", "unshare");

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const mavenProject = fileURLToPath(new URL("../../fixtures/maven-project", import.meta.url));

interface Build {
  readonly what: string;
  /** Run by bash in an empty folder, with INPUT and CACHE set. */
  readonly script: string;
  /** Files whose content holds times or inode numbers. */
  readonly volatile: RegExp;
}

const builds: readonly Build[] = [
  {
    what: "git clone, branch, commit, repack and fsck of this project's own history",
    script: `
      git clone -q "file://$INPUT/project.git" clone && cd clone
      git checkout -q -b shaken
      for file in $(git ls-files | head -40); do echo "// $file" >>"$file"; done
      git -c user.name=n -c user.email=e@example.invalid commit -q -a -m "Change forty files"
      git mv package.json renamed.json && git stash -q && git stash pop -q && git reset -q --hard
      git -c pack.threads=1 repack -q -a -d && git fsck --strict --no-progress
      git status --porcelain | wc -l`,
    volatile: /\.git\/(index|logs\/|objects\/pack\/|objects\/info\/)/,
  },
  {
    what: "make and make check of bzip2",
    script: "cp -R \"$CACHE/bzip2\" . && cd bzip2 && make -j2 CFLAGS='-O1 -g' && make check",
    volatile: /\.a$/, // ar writes the time
  },
  {
    what: "npm install and npm test of random-access-file",
    script: `
      tarball=$(npm pack --silent random-access-file@2.2.1) && tar -xzf "$tarball" && cd package
      npm install --no-audit --no-fund --no-progress && npm test`,
    volatile: /^$/,
  },
  {
    what: "mvn package with a JUnit test",
    script: 'cp -R "$INPUT/maven" . && cd maven && mvn -B -ntp -Dmaven.repo.local="$CACHE/m2" package',
    volatile: /surefire-reports\/|maven-status\//,
  },
];

describe("a build inside the volume", () => {
  let folder: MountedFolder;
  let work = "";
  let cache = "";
  beforeAll(async () => {
    cache = suiteCache();
    work = mkdtempSync("/var/tmp/nmzc-build-");
    mkdirSync(`${work}/here`);
    cpSync(mavenProject, `${work}/input/maven`, { recursive: true });
    const cloned = await runProgram(
      "git",
      ["clone", "-q", "--bare", `file://${repository}`, `${work}/input/project.git`],
      {
        env: gitEnvironment,
        timeoutMs: 60_000,
      },
    );
    expect(cloned.code, cloned.output).toBe(0);
    folder = await MountedFolder.mount({ hooks: originalHooks });
  }, 300_000);
  afterAll(async () => {
    await folder?.unmount();
    rmSync(work, { recursive: true, force: true });
  });

  /** In a mount namespace of its own the folder is bound to one and the same path, as it would be in a container. */
  function build(place: string, { script }: Build): Promise<ProgramResult> {
    mkdirSync(place);
    const bound = 'mount --bind "$0" "$HERE" && cd "$HERE" && exec bash -euo pipefail -c "$1"';
    return runProgram("unshare", ["--mount", "bash", "-c", bound, place, script], {
      env: { ...gitEnvironment, HERE: `${work}/here`, INPUT: `${work}/input`, CACHE: cache },
      timeoutMs: 110_000,
    });
  }

  it.each(builds)(
    "ends as on a plain folder and leaves the same tree: $what",
    async (project) => {
      const name = String(builds.indexOf(project));
      const plain = await build(`${folder.plain}/${name}`, project);
      expect(plain.code, plain.output).toBe(0);
      const inside = await build(`${folder.path}/${name}`, project);
      expect(inside.code, inside.output).toBe(0);
      const describeIn = (root: string) =>
        describeTree(`${root}/${name}`, (path) => project.volatile.test(path));
      const expected = describeIn(folder.plain);
      expect(expected.length).toBeGreaterThan(10);
      expect(describeIn(folder.path)).toEqual(expected);
      expect(describeIn(folder.source)).toEqual(expected);
    },
    240_000,
  );
});

const gitEnvironment = {
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "safe.directory",
  GIT_CONFIG_VALUE_0: "*",
  GIT_AUTHOR_DATE: "2020-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2020-01-01T00:00:00Z",
};
