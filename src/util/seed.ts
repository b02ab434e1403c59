import { randomBytes } from "node:crypto";

/** A fresh seed: 64 bits as 16 hexadecimal digits. Any other string is as good a seed. */
export function newSeed(): string {
  return randomBytes(8).toString("hex");
}
