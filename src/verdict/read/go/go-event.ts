/** One line of `go test -json`: https://pkg.go.dev/cmd/test2json. */
export interface GoEvent {
  readonly action: string;
  readonly package: string;
  readonly test: string | undefined;
  readonly elapsedMs: number | undefined;
  readonly output: string;
}

/** The event in a line; undefined: the line is something else (what a build or a wrapper printed). */
export function goEventOf(line: string): GoEvent | undefined {
  if (!line.startsWith("{") || !line.includes('"Action"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const event = value as Record<string, unknown>;
  // A line of `go build -json` (since Go 1.24) names the package as ImportPath, with " [package.test]" behind it.
  const name = event["Package"] ?? event["ImportPath"];
  if (typeof event["Action"] !== "string" || typeof name !== "string") return undefined;
  const { Test: test, Elapsed: elapsed, Output: output } = event;
  return {
    action: event["Action"],
    package: name.split(" ", 1)[0] ?? name,
    test: typeof test === "string" && test !== "" ? test : undefined,
    elapsedMs: typeof elapsed === "number" && elapsed >= 0 ? Math.round(elapsed * 1e6) / 1e3 : undefined,
    output: typeof output === "string" ? output : "",
  };
}
