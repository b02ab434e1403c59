/**
 * A share in percent, without its sign: "38", "6.1", "0.28", "99.98"; two digits that count. "0" and "100" are said of nothing else than
 * 0 and 1: who has one failure in 10,000 runs must not read that all passed.
 */
export function percentDigits(share: number): string {
  if (share <= 0) return "0";
  if (share >= 1) return "100";
  const percent = share * 100;
  if (percent < 0.95) return twoDigits(percent);
  if (percent < 9.95) return percent.toFixed(1);
  if (percent <= 99) return percent.toFixed(0);
  // As many digits as it takes to see what is missing.
  const places = Math.max(1, Math.ceil(-Math.log10(100 - percent)));
  const text = percent.toFixed(Math.min(places, maxPlaces));
  return text.startsWith("100") ? `99.${"9".repeat(maxPlaces)}` : text;
}

/** A double has no more, this near to 100. */
const maxPlaces = 13;

/** Never with an exponent. */
function twoDigits(percent: number): string {
  const places = Math.min(100, 1 - Math.floor(Math.log10(percent)));
  return percent.toFixed(places).replace(/\.?0+$/, "");
}

/** Two units at most, for prose: "1 h 4 min", "12 s", "340 ms". */
export function timeWords(milliseconds: number): string {
  if (milliseconds < 999.5)
    return `${milliseconds < 10 ? Number(milliseconds.toPrecision(2)) : Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return twoUnits(whole, "min", "s");
  return twoUnits(Math.round(whole / 60), "h", "min");
}

function twoUnits(value: number, large: string, small: string): string {
  const rest = value % 60;
  return `${Math.floor(value / 60)} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

/** For a line that is rewritten, where what stands behind it must not jump: "1h03m", "2m05s", "12s", "0.4s". */
export function clockWords(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor((whole % 3600) / 60))}m`;
}
