import { describe, expect, it } from "vitest";
import { EngineError, type ImageInfo, type PullOptions } from "../../../runtime/engine/index.js";
import { ensureImage } from "../../../src/container/pull/index.js";

const image: ImageInfo = {
  id: "sha256:1",
  repoDigests: [],
  volumes: [],
  hasCommand: true,
  workingDir: "/",
  env: [],
  platform: "linux/amd64",
};

/** An engine with a shelf of images; pulling puts one on it. */
class FakeEngine {
  readonly shelf = new Map<string, ImageInfo>();
  readonly pulled: string[] = [];
  repoDigests: readonly string[] = [];
  platform = image.platform;
  pull: (options: PullOptions) => Promise<void> = async () => {};

  async inspectImage(reference: string): Promise<ImageInfo | undefined> {
    return this.shelf.get(reference) ?? this.shelf.get(`${reference}:latest`);
  }

  async pullImage(reference: string, options: PullOptions): Promise<void> {
    this.pulled.push(reference);
    await this.pull(options);
    this.shelf.set(reference, { ...image, repoDigests: this.repoDigests, platform: this.platform });
  }
}

function output() {
  const words: string[] = [];
  return { write: (text: string) => words.push(text), text: () => words.join("") };
}

describe("ensureImage", () => {
  it("takes an image that is here, without a word", async () => {
    const engine = new FakeEngine();
    engine.shelf.set("ubuntu:latest", image);
    const stderr = output();
    expect(await ensureImage(engine, "ubuntu", { pull: "missing", platform: undefined, stderr })).toBe(image);
    expect(engine.pulled).toEqual([]);
    expect(stderr.text()).toBe("");
  });

  it("pulls a missing one under its full name and says so as docker does", async () => {
    const engine = new FakeEngine();
    const stderr = output();
    engine.pull = async ({ onProgress }) => {
      const line = (status: string, id?: string, currentBytes?: number, totalBytes?: number) =>
        onProgress({ id, status, currentBytes, totalBytes });
      line("Pulling from library/ubuntu", "latest");
      line("Pulling fs layer", "abc");
      line("Downloading", "abc", 10, 100);
      line("Pull complete", "abc");
      line("Digest: sha256:1");
      line("Status: Downloaded newer image for ubuntu:latest");
    };
    await ensureImage(engine, "ubuntu", { pull: "missing", platform: undefined, stderr });
    expect(engine.pulled).toEqual(["ubuntu:latest"]);
    expect(stderr.text()).toBe(
      [
        "Unable to find image 'ubuntu:latest' locally",
        "latest: Pulling from library/ubuntu",
        "abc: Pulling fs layer",
        "abc: Pull complete",
        "Digest: sha256:1",
        "Status: Downloaded newer image for ubuntu:latest",
        "",
      ].join("\n"),
    );
  });

  it("pulls one that is here when told always, and one for another platform", async () => {
    const engine = new FakeEngine();
    engine.shelf.set("ubuntu:latest", image);
    const stderr = output();
    await ensureImage(engine, "ubuntu", { pull: "always", platform: undefined, stderr });
    expect(stderr.text()).toBe("Status: Image is up to date for ubuntu:latest\n");
    await ensureImage(engine, "ubuntu", { pull: "missing", platform: "linux/amd64", stderr });
    await ensureImage(engine, "ubuntu", { pull: "missing", platform: "linux/x86_64", stderr });
    expect(engine.pulled).toHaveLength(1);
    engine.platform = "linux/arm64/v8";
    await ensureImage(engine, "ubuntu", { pull: "missing", platform: "linux/arm64", stderr });
    expect(engine.pulled).toHaveLength(2);
  });

  it("refuses a missing image when told never, with a remedy", async () => {
    const stderr = output();
    await expect(
      ensureImage(new FakeEngine(), "ubuntu", { pull: "never", platform: undefined, stderr }),
    ).rejects.toMatchObject({
      code: "NMZ_IMAGE_MISSING",
      message: "No such image: ubuntu",
      hint: expect.stringContaining("docker pull ubuntu"),
      exitCode: 125,
    });
  });

  it("ends a failed one with 125, the engine's words and the remedy that came with them", async () => {
    const failure = new EngineError("manifest unknown", { status: 500, hint: "see the spelling" });
    const engine = new FakeEngine();
    engine.pull = () => Promise.reject(failure);
    const options = { pull: "missing", platform: undefined, stderr: output() } as const;
    await expect(ensureImage(engine, "r.io/x:1", options)).rejects.toMatchObject({
      ...{ code: "NMZ_PULL_FAILED", exitCode: 125, cause: failure, hint: "see the spelling" },
      message: "cannot pull r.io/x:1: manifest unknown",
    });
    await expect(ensureImage(engine, "ubuntu", options)).rejects.toMatchObject({
      message: "cannot pull ubuntu:latest from docker.io: manifest unknown",
    });
  });

  it("ends an interrupted one with 125", async () => {
    const failure = new EngineError("aborted", { code: "ABORTED" });
    const engine = new FakeEngine();
    engine.pull = () => Promise.reject(failure);
    await expect(
      ensureImage(engine, "r.io/x:1", { pull: "missing", platform: undefined, stderr: output() }),
    ).rejects.toMatchObject({ code: "NMZ_PULL_ABORTED", exitCode: 125, cause: failure });
  });

  it("adds what an engine leaves out that tells of layers alone", async () => {
    const engine = new FakeEngine();
    engine.pull = async ({ onProgress }) => {
      const line = (status: string, id: string, currentBytes?: number, totalBytes?: number) =>
        onProgress({ id, status, currentBytes, totalBytes });
      line("Pulling fs layer", "abc");
      line("Downloading", "abc", 10, 100);
      line("Download complete", "abc");
      line("Download complete", "abc");
      engine.repoDigests = ["else.io/a/b@sha256:2", "r.io/a/b@sha256:1"];
    };
    const stderr = output();
    await ensureImage(engine, "r.io/a/b:v1", { pull: "missing", platform: undefined, stderr });
    expect(stderr.text().split("\n")).toEqual([
      "Unable to find image 'r.io/a/b:v1' locally",
      "v1: Pulling from a/b",
      "abc: Pulling fs layer",
      "abc: Download complete",
      "Digest: sha256:1",
      "Status: Downloaded newer image for r.io/a/b:v1",
      "",
    ]);
    const again = output();
    await ensureImage(engine, "r.io/a/b:v1", { pull: "always", platform: undefined, stderr: again });
    expect(again.text()).toContain("Status: Image is up to date for r.io/a/b:v1\n");
  });

  it("refuses what came for another platform than was asked for", async () => {
    const engine = new FakeEngine();
    await expect(
      ensureImage(engine, "ubuntu", { pull: "missing", platform: "linux/arm64", stderr: output() }),
    ).rejects.toMatchObject({
      ...{ code: "NMZ_IMAGE_PLATFORM", exitCode: 125 },
      message: "ubuntu:latest is there for linux/amd64, not for linux/arm64",
      hint: expect.stringContaining("--platform linux/amd64"),
    });
  });

  it("aborts the pull at SIGINT and leaves no listener behind", async () => {
    const engine = new FakeEngine();
    const before = process.listenerCount("SIGINT");
    engine.pull = ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(new EngineError("aborted", { code: "ABORTED" })));
        process.emit("SIGINT", "SIGINT");
      });
    await expect(
      ensureImage(engine, "ubuntu", { pull: "missing", platform: undefined, stderr: output() }),
    ).rejects.toMatchObject({ code: "NMZ_PULL_ABORTED" });
    expect(process.listenerCount("SIGINT")).toBe(before);
  });

  it("refuses what is no image name before it asks anyone", async () => {
    const engine = new FakeEngine();
    await expect(
      ensureImage(engine, "Ubuntu:Latest", { pull: "missing", platform: undefined, stderr: output() }),
    ).rejects.toMatchObject({ code: "NMZ_IMAGE_REFERENCE" });
    expect(engine.pulled).toEqual([]);
  });
});
