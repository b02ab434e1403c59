import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, openEngine } from "../../../runtime/engine/index.js";
import { requires } from "../../helpers/requires.js";
import { digestOf, gatherText } from "./gather.js";
import { createTestContainer, startAttached, withStdin } from "./test-container.js";

requires("root", "docker", "base-image");

const mebibyte = 1024 * 1024;
const noLog = { LogConfig: { Type: "none", Config: {} } };

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});

/** `count` MiB of the same noise, one MiB at a time, and the digest of all of it. */
function noise(count: number): { stream: Readable; sha256: string } {
  const block = randomBytes(mebibyte);
  const hash = createHash("sha256");
  for (let i = 0; i < count; i++) hash.update(block);
  const stream = Readable.from(
    (function* () {
      for (let i = 0; i < count; i++) yield block;
    })(),
  );
  return { stream, sha256: hash.digest("hex") };
}

describe("Streams of a container", () => {
  it("carries 100 MiB out whole", async () => {
    const script = "head -c 104857600 /dev/urandom >/tmp/noise; sha256sum /tmp/noise >&2; cat /tmp/noise";
    await using container = await createTestContainer(engine, ["bash", "-c", script], { HostConfig: noLog });
    const { attachment, exitCode } = await startAttached(engine, container.id, { stdin: false, tty: false });
    const [out, said] = await Promise.all([digestOf(attachment.stdout), gatherText(attachment.stderr)]);
    expect(out.bytes).toBe(100 * mebibyte);
    expect(said).toContain(out.sha256);
    expect(await exitCode).toBe(0);
  });

  it("carries 100 MiB in whole and half-closes: the workload answers after the end of its stdin", async () => {
    await using container = await createTestContainer(engine, ["sha256sum"], {
      ...withStdin,
      HostConfig: noLog,
    });
    const { attachment, exitCode } = await startAttached(engine, container.id, { stdin: true, tty: false });
    const { stream, sha256 } = noise(100);
    const [said] = await Promise.all([gatherText(attachment.stdout), pipeline(stream, attachment.stdin!)]);
    expect(said).toBe(`${sha256}  -\n`);
    expect(await exitCode).toBe(0);
  });

  it("keeps memory flat while the workload writes more than anyone reads", async () => {
    const body = { HostConfig: noLog };
    await using container = await createTestContainer(engine, ["head", "-c", "268435456", "/dev/zero"], body);
    const { attachment } = await startAttached(engine, container.id, { stdin: false, tty: false });
    const before = process.memoryUsage().rss;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(attachment.stdout.readableLength).toBeLessThan(mebibyte);
    let peak = 0;
    let bytes = 0;
    for await (const chunk of attachment.stdout) {
      bytes += (chunk as Buffer).length;
      if (bytes % (16 * mebibyte) < (chunk as Buffer).length)
        peak = Math.max(peak, process.memoryUsage().rss);
    }
    expect(bytes).toBe(256 * mebibyte);
    expect(peak - before).toBeLessThan(96 * mebibyte);
  });
});
