/** The part of a run that is looked at, in milliseconds; both runs share one. */
export class TimeWindow {
  fromMs = 0;
  toMs: number;
  readonly #endMs: number;
  readonly #listeners: (() => void)[] = [];

  constructor(endMs: number) {
    this.#endMs = Math.max(endMs, 0.01) * 1.01;
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
    const span = Math.min(this.#endMs, Math.max(0.01, this.spanMs / factor));
    const share = (anchorMs - this.fromMs) / this.spanMs;
    this.#set(anchorMs - share * span, span);
  }

  /** By a share of what is seen; to later times if positive. */
  pan(share: number): void {
    this.#set(this.fromMs + share * this.spanMs, this.spanMs);
  }

  fit(): void {
    this.#set(0, this.#endMs);
  }

  moveTo(fromMs: number): void {
    this.#set(fromMs, this.spanMs);
  }

  /** Moves as little as needed, or with a fitting zoom, to have these times in sight. */
  show(fromMs: number, toMs: number): void {
    const isSeen = fromMs >= this.fromMs && toMs <= this.toMs;
    if (isSeen) return;
    const span = Math.max(this.spanMs, (toMs - fromMs) * 1.2);
    this.#set((fromMs + toMs) / 2 - span / 2, Math.min(span, this.#endMs));
  }

  #set(fromMs: number, spanMs: number): void {
    this.fromMs = Math.min(Math.max(0, fromMs), this.#endMs - spanMs);
    this.toMs = this.fromMs + spanMs;
    for (const listener of this.#listeners) listener();
  }
}
