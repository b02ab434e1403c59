import { exactInterval } from "../../statistics/index.js";
import { percentDigits } from "../../util/index.js";

interface Rate {
  readonly failures: number;
  readonly trials: number;
}

/** "fails 9 of 10". */
export function rateWords({ failures, trials }: Rate): string {
  return `fails ${failures} of ${trials}`;
}

/** Where the rate lies with 95 %: "55% to 100%". */
export function intervalWords({ failures, trials }: Rate): string {
  const { low, high } = exactInterval(failures, trials);
  return `${percent(low)} to ${percent(high)}`;
}

export function percent(share: number): string {
  return `${percentDigits(share)}%`;
}
