import picocolors from "picocolors";

type Palette = ReturnType<typeof picocolors.createColors>;

/** Colours for a terminal; none for a pipe, nor where NO_COLOR is set (no-color.org). */
export function paletteFor(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Palette {
  return picocolors.createColors(stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb");
}
