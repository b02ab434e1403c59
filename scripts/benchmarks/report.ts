import type { Measured, Measurement } from "./measurement.js";

/** A measurement and what came of it: `error` stands in for the figure when it could not be taken. */
export type Outcome =
  | { readonly measurement: Measurement; readonly measured: Measured }
  | { readonly measurement: Measurement; readonly error: string };

/** Whether the figure reaches its aim. */
export function meetsAim(aim: Measurement["aim"], value: number): boolean {
  return "atLeast" in aim ? value >= aim.atLeast : value <= aim.atMost;
}

function aimText(aim: Measurement["aim"]): string {
  return "atLeast" in aim ? `>= ${aim.atLeast}` : `<= ${aim.atMost}`;
}

/** Four significant digits, and no exponent for what a bench prints. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(4)));
}

/** One line of the table: key, value, unit, aim, verdict. */
export function tableLine(outcome: Outcome): string {
  const { key, unit, aim } = outcome.measurement;
  const [value, verdict] =
    "error" in outcome
      ? ["-", `failed: ${outcome.error}`]
      : [figure(outcome.measured.value), meetsAim(aim, outcome.measured.value) ? "met" : "MISSED"];
  return `${key.padEnd(30)}${value.padStart(10)} ${unit.padEnd(9)}${aimText(aim).padStart(9)}  ${verdict}`;
}

export const tableHead = `${"key".padEnd(30)}${"value".padStart(10)} ${"unit".padEnd(9)}${"aim".padStart(9)}  `;

/** The flat object of `--json`: key → value, unit, runs. What could not be taken is not in it. */
export function asJson(outcomes: readonly Outcome[]): string {
  const figures: Record<string, { value: number; unit: string; runs: readonly number[] }> = {};
  for (const outcome of outcomes) {
    if ("error" in outcome) continue;
    const { value, runs } = outcome.measured;
    figures[outcome.measurement.key] = { value, unit: outcome.measurement.unit, runs };
  }
  return `${JSON.stringify(figures, undefined, 2)}\n`;
}
