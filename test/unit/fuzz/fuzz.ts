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

/**
 * One parser: `inputs` of every million go to it. `check` throws when the parser did what it must not. See
 * docs/testing.md for how a failure is had again.
 */
export function fuzz<T>(
  parser: string,
  inputs: number,
  arbitrary: fc.Arbitrary<T>,
  check: (input: T) => void,
): void {
  it(
    `${parser} stands ${inputs} of every million inputs`,
    async () => {
      const wanted = Math.max(1, Math.ceil((inputs / 1_000_000) * fuzzTotal));
      const prototypes = shapeOfPrototypes();
      let done = 0;
      const property = fc.property(arbitrary, (input) => {
        done += 1;
        check(input);
      });
      for (let slice = 0; done < wanted; slice++) {
        const numRuns = Math.min(sliceInputs, wanted - done);
        const seed = fuzzSeed + slice;
        const details = fc.check(property, { seed, numRuns });
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
