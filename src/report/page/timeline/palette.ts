/** The page's colours for what is drawn; the style sheet has them, once for light and once for dark. */
export interface Palette {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly surface: string;
  readonly plain: string;
  readonly held: string;
  readonly fault: string;
  readonly scheduled: string;
  readonly focus: string;
}

export function currentPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    faint: colour("ink-soft"),
    line: colour("line"),
    surface: colour("surface"),
    plain: colour("event"),
    held: colour("held"),
    fault: colour("fault"),
    scheduled: colour("scheduled"),
    focus: colour("focus"),
  };
}
