import type { ReportRate } from "../data/report-data.js";

/** "6 %", "0.25 %": two digits that count. Read by the page too: no Node here. */
export function percentWords(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.095) return `${Number(percent.toPrecision(2))} %`;
  // 99.97 % is not 100 %.
  const digits = percent >= 99.95 || percent < 0.95 ? 2 : percent < 9.95 || percent > 99 ? 1 : 0;
  return `${percent.toFixed(digits)} %`;
}

/** "3.5 % to 10 %". */
export function intervalWords({ low, high }: Pick<ReportRate, "low" | "high">): string {
  return `${percentWords(low)} to ${percentWords(high)}`;
}

/** "p = 0.0031", "p < 0.0001". */
export function probabilityWords(name: string, value: number): string {
  if (value < 0.0001) return `${name} < 0.0001`;
  return `${name} = ${Number(value.toPrecision(2))}`;
}

/** "12 runs", "1 run". */
export function countWords(count: number, noun: string): string {
  return `${groupedNumber(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** 100000 → "100,000". */
export function groupedNumber(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Two units at most: "1 h 4 min", "12 s", "340 ms". */
export function timeWords(milliseconds: number): string {
  if (milliseconds < 1000)
    return `${milliseconds < 10 ? Number(milliseconds.toPrecision(2)) : Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return twoUnits(whole, 60, "min", "s");
  return twoUnits(Math.round(whole / 60), 60, "h", "min");
}

function twoUnits(value: number, size: number, large: string, small: string): string {
  const rest = value % size;
  return `${Math.floor(value / size)} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}
