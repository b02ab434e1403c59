import { appendFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, inject, it } from "vitest";
import { fuzzSeed, fuzzTotal } from "./knobs.js";
import type { FuzzRow } from "./table.js";

/** Inputs between two turns of the event loop: vitest gives a worker up that is silent for a minute. */
const sliceInputs = 2000;

/** For a machine that hangs, not for a slow one. */
const timeoutMs = 600_000;

/** What all the shares add up to, or a little less. */
const allShares = 1_900_000;

/**
 * One parser: `share` of `allShares` of the inputs go to it. `check` throws when the parser did what it must not. See
 * docs/testing.md for how a failure is had again.
 */
export function fuzz<T>(
  parser: string,
  share: number,
  arbitrary: fc.Arbitrary<T>,
  check: (input: T) => void,
): void {
  fuzzProperty(parser, share, fc.property(arbitrary, check));
}

/** The same for what answers later. */
export function fuzzAsync<T>(
  parser: string,
  share: number,
  arbitrary: fc.Arbitrary<T>,
  check: (input: T) => Promise<void>,
): void {
  fuzzProperty(parser, share, fc.asyncProperty(arbitrary, check));
}

function fuzzProperty<T>(
  parser: string,
  share: number,
  property: fc.IProperty<[T]> | fc.IAsyncProperty<[T]>,
): void {
  it(
    `${parser} stands what nobody meant to write`,
    async () => {
      const wanted = Math.max(1, Math.ceil((share / allShares) * fuzzTotal));
      const prototypes = shapeOfPrototypes();
      let done = 0;
      for (let slice = 0; done < wanted; slice++) {
        const numRuns = Math.min(sliceInputs, wanted - done);
        const seed = fuzzSeed + slice;
        const details = await fc.check(property as fc.IAsyncProperty<[T]>, { seed, numRuns });
        done += details.numRuns;
        if (details.failed) throw failureOf(parser, seed, details);
        expect(shapeOfPrototypes(), `the prototypes after ${parser}, seed ${seed}`).toBe(prototypes);
        await turn(); // the real one, whatever timers a test has faked
      }
      report({ parser, inputs: done, seed: fuzzSeed });
    },
    timeoutMs,
  );
}

function failureOf<T>(parser: string, seed: number, details: fc.RunDetails<T>): Error {
  return new Error(
    [
      `${parser} failed on its input ${details.numRuns} of seed ${seed}`,
      `again: NMZ_FUZZ_SEED=${seed} npx vitest run --project unit test/unit/fuzz -t '${parser}'`,
      fc.defaultReportMessage(details) ?? "",
    ].join("\n"),
    { cause: details.errorInstance },
  );
}

/** Every name on the prototypes that all values share: a polluted one has more. */
function shapeOfPrototypes(): string {
  const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
  return prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String).join()).join("\n");
}

function report(row: FuzzRow): void {
  const ledger = inject("fuzzLedger");
  if (ledger !== undefined) appendFileSync(ledger, `${JSON.stringify(row)}\n`);
}

/** Calls `parse`; what it throws must be what `isDocumented` knows. Undefined then. */
export function onlyThrows<T>(parse: () => T, isDocumented: (error: unknown) => boolean): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (isDocumented(error)) return undefined;
    throw new Error(`an error that is not documented: ${String(error)}`, { cause: error });
  }
}
