import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Attachment } from "../../../runtime/engine/index.js";

/** Everything a stream holds, as text. */
export async function gatherText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Both streams of an attachment to their end. */
export async function gatherBoth(attachment: Attachment): Promise<{ stdout: string; stderr: string }> {
  const [stdout, stderr] = await Promise.all([gatherText(attachment.stdout), gatherText(attachment.stderr)]);
  await attachment.done;
  return { stdout, stderr };
}

/** Length and SHA-256 of a stream that is too large to keep. */
export async function digestOf(stream: Readable): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of stream) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest("hex") };
}
