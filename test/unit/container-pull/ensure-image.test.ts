import { describe, expect, it } from "vitest";
import { EngineError, type ImageInfo, type PullOptions } from "../../../runtime/engine/index.js";
import { ensureImage } from "../../../src/container/pull/index.js";

const image: ImageInfo = {
  id: "sha256:1",
  repoDigests: [],
  volumes: [],
  hasCommand: true,
  env: [],
  platform: "linux/amd64",
};

/** An engine with a shelf of images; pulling puts one on it. */
class FakeEngine {
  readonly shelf = new Map<string, ImageInfo>();
  readonly pulled: string[] = [];
  pull: (options: PullOptions) => Promise<void> = async () => {};

  async inspectImage(reference: string): Promise<ImageInfo | undefined> {
    return this.shelf.get(reference) ?? this.shelf.get(`${reference}:latest`);
  }

  async pullImage(reference: string, options: PullOptions): Promise<void> {
    this.pulled.push(reference);
    await this.pull(options);
    this.shelf.set(reference, image);
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
    expect(stderr.text()).toBe("");
    await ensureImage(engine, "ubuntu", { pull: "missing", platform: "linux/amd64", stderr });
    await ensureImage(engine, "ubuntu", { pull: "missing", platform: "linux/x86_64", stderr });
    expect(engine.pulled).toHaveLength(1);
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

  it.each<[string, EngineError, object]>([
    [
      "a denied one",
      new EngineError("pull access denied for x", { code: "UNAUTHORIZED" }),
      { code: "NMZ_PULL_FAILED", hint: expect.stringContaining("docker login r.io") },
    ],
    [
      "a missing tag",
      new EngineError("manifest for r.io/x:1 not found: manifest unknown"),
      { code: "NMZ_PULL_FAILED", hint: expect.stringContaining("exist in the registry") },
    ],
    [
      "a registry that is down",
      new EngineError("dial tcp 10.0.0.1:443: connect: connection refused"),
      { code: "NMZ_PULL_FAILED", hint: expect.stringContaining("r.io can be reached") },
    ],
    ["an interrupted one", new EngineError("aborted", { code: "ABORTED" }), { code: "NMZ_PULL_ABORTED" }],
  ])("ends %s with 125 and what to do about it", async (_, failure, expected) => {
    const engine = new FakeEngine();
    engine.pull = () => Promise.reject(failure);
    const options = { pull: "missing", platform: undefined, stderr: output() } as const;
    const error = await ensureImage(engine, "r.io/x:1", options).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ exitCode: 125, cause: failure, ...expected });
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
