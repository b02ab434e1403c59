const boundsMs = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const;

/** How long things took. Recording is an addition to a number, so that it can stand in every request's way. */
export class Durations {
  static readonly boundsMs: readonly number[] = boundsMs;
  /** Per bound, how many took at most so long and longer than the bound before; the last is for the rest. */
  readonly counts = new Float64Array(boundsMs.length + 1);
  sumMs = 0;

  record(durationMs: number): void {
    let index = 0;
    while (index < boundsMs.length && durationMs > boundsMs[index]!) index += 1;
    this.counts[index]! += 1;
    this.sumMs += durationMs;
  }
}

/** What a server counts of itself. */
export class HttpMetrics {
  /** By method, then by route: `GET`, `/api/v3/actions/{entity}`. */
  readonly durations = new Map<string, Map<string, Durations>>();
  /** By the code of the error. */
  readonly refused = new Map<string, number>();

  durationsOf(method: string, route: string): Durations {
    let ofMethod = this.durations.get(method);
    if (ofMethod === undefined) {
      ofMethod = new Map();
      this.durations.set(method, ofMethod);
    }
    let durations = ofMethod.get(route);
    if (durations === undefined) {
      durations = new Durations();
      ofMethod.set(route, durations);
    }
    return durations;
  }

  countRefusal(code: string): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
  }
}
