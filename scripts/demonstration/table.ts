import { wilsonInterval } from "../../src/statistics/index.js";
import type { Way } from "./run-program.js";

/** What was counted of one program, one way. */
export interface Tally {
  failures: number;
  runs: number;
  broken: number;
}

export type Tallies = Record<Way, Tally>;

/** "7 / 20  18-57 %": failures, runs, and where the rate lies with 95 % confidence. */
export function rateText({ failures, runs }: Tally): string {
  const { low, high } = wilsonInterval(failures, runs);
  const percent = (share: number) => String(Math.round(share * 100));
  return `${`${failures} / ${runs}`.padStart(7)}  ${`${percent(low)}-${percent(high)} %`.padStart(9)}`;
}

/** The closing table. */
export function closingTable(
  rows: readonly { readonly name: string; readonly what: string; readonly tallies: Tallies }[],
): string {
  const nameWidth = Math.max(...rows.map(({ name }) => name.length)) + 2;
  const whatWidth = Math.max(...rows.map(({ what }) => what.length)) + 2;
  const line = (name: string, what: string, plain: string, shaken: string) =>
    `${name.padEnd(nameWidth)}${what.padEnd(whatWidth)}${plain.padEnd(22)}${shaken}`.trimEnd();
  return [
    line("", "failures / runs, 95 %", "     docker run", "      nmzc run"),
    ...rows.map(({ name, what, tallies }) =>
      line(name, what, rateText(tallies.docker), rateText(tallies.nmzc)),
    ),
  ].join("\n");
}
