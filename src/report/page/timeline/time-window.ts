/** The part of a run that is looked at, in milliseconds; both runs share one. */
export class TimeWindow {
  fromMs: number;
  toMs: number;
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #listeners: (() => void)[] = [];

  /** From the first event, which is at 0, to the last action. */
  constructor(lastMs: number) {
    const margin = Math.max(0.01, lastMs * 0.01);
    this.#startMs = -margin;
    this.#endMs = lastMs + margin;
    this.fromMs = this.#startMs;
    this.toMs = this.#endMs;
  }

  get spanMs(): number {
    return this.toMs - this.fromMs;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Magnifies by `factor`; `anchorMs` stays where it is. */
  zoom(factor: number, anchorMs = (this.fromMs + this.toMs) / 2): void {
    const span = Math.min(this.#endMs - this.#startMs, Math.max(0.01, this.spanMs / factor));
    const share = (anchorMs - this.fromMs) / this.spanMs;
    this.#set(anchorMs - share * span, span);
  }

  /** By a share of what is seen; to later times if positive. */
  pan(share: number): void {
    this.#set(this.fromMs + share * this.spanMs, this.spanMs);
  }

  fit(): void {
    this.#set(this.#startMs, this.#endMs - this.#startMs);
  }

  moveTo(fromMs: number): void {
    this.#set(fromMs, this.spanMs);
  }

  /** Moves as little as needed, or with a fitting zoom, to have these times in sight. */
  show(fromMs: number, toMs: number): void {
    const isSeen = fromMs >= this.fromMs && toMs <= this.toMs;
    if (isSeen) return;
    const span = Math.max(this.spanMs, (toMs - fromMs) * 1.2);
    this.#set((fromMs + toMs) / 2 - span / 2, Math.min(span, this.#endMs - this.#startMs));
  }

  #set(fromMs: number, spanMs: number): void {
    this.fromMs = Math.min(Math.max(this.#startMs, fromMs), this.#endMs - spanMs);
    this.toMs = this.fromMs + spanMs;
    for (const listener of this.#listeners) listener();
  }
}
