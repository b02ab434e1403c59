import type { FailureSignature } from "../verdict.js";

/** The failures of an earlier campaign. */
export interface EarlierFailures {
  /** The campaign's name or folder, as a person is told of it. */
  readonly campaign: string;
  readonly signatures: readonly FailureSignature[];
}

/** "same failure as …" */
export interface SameFailure {
  /** The signature of the campaign that is looked at. */
  readonly id: string;
  readonly campaign: string;
  readonly earlierId: string;
  /**
   * same: one signature. alike: the top frame is the same and so is most of the message, or the message is the same and one of
   * the frames; the program was changed meanwhile, or came there in another way.
   */
  readonly kind: "same" | "alike";
}

/** So many of the words that either message has are in both. */
const minimumShareOfWords = 0.6;

/** For each signature the earlier ones that match: those that are the same, or else those that are alike; the campaigns in the order given. */
export function sameFailures(
  earlier: Iterable<EarlierFailures>,
  now: readonly FailureSignature[],
): SameFailure[] {
  const found: SameFailure[] = [];
  for (const { campaign, signatures } of earlier) {
    const ids = new Set(signatures.map(({ id }) => id));
    for (const signature of now) {
      const { id } = signature;
      if (ids.has(id)) {
        found.push({ id, campaign, earlierId: id, kind: "same" });
        continue;
      }
      const alike = signatures.find((other) => areAlike(signature, other));
      if (alike !== undefined) found.push({ id, campaign, earlierId: alike.id, kind: "alike" });
    }
  }
  return found;
}

function areAlike(a: FailureSignature, b: FailureSignature): boolean {
  const [top] = a.frames;
  if (top === undefined || b.frames.length === 0) return false;
  if (a.message === b.message) return a.frames.some((frame) => b.frames.includes(frame));
  return top === b.frames[0] && shareOfWords(a.message, b.message) >= minimumShareOfWords;
}

function shareOfWords(a: string, b: string): number {
  const inA = new Set(a.split(/\W+/).filter((word) => word !== ""));
  const inB = new Set(b.split(/\W+/).filter((word) => word !== ""));
  const both = [...inA].filter((word) => inB.has(word)).length;
  return both / Math.max(1, inA.size + inB.size - both);
}
