import { createHash } from "node:crypto";
import type { FailureSignature } from "../verdict.js";
import { normaliseMessage } from "./normalise-message.js";
import { topFramesOf } from "./top-frames.js";

/** Signatures of another version are not comparable; part of what the id is made of. */
const signatureVersion = 1;

/** What a failure is known by. `details` holds the stack, if there is one; its first line may be the message again. */
export function signatureOf(message: string, details: string): FailureSignature {
  const plain = normaliseMessage(message);
  const frames = topFramesOf(details === "" ? message : details);
  // Some hashes have no letter in them, so which of the two it is may be chance.
  const text = [signatureVersion, plain.replaceAll("<hex>", "<n>"), ...frames].join("\0");
  return { id: createHash("sha256").update(text).digest("hex").slice(0, 12), message: plain, frames };
}
