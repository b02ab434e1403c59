import type { KeyPath, KeyProblem } from "./key-table.js";

/** `ethernet.match[0].ports`: a path as the user would say it. */
export function dottedPath(path: KeyPath): string {
  let dotted = "";
  for (const step of path) {
    if (typeof step === "number") dotted += `[${step}]`;
    else dotted += dotted === "" ? step : `.${step}`;
  }
  return dotted;
}

/** One line: key, expected, got, and the nearest known word. */
export function describeProblem(problem: KeyProblem): string {
  const key = dottedPath(problem.path);
  const meant = problem.nearest === undefined ? "" : `; did you mean "${problem.nearest}"?`;
  if (problem.kind === "unknown") return `unknown key "${key}"${meant}`;
  if (problem.kind === "twice") return `"${key}" is given twice (keys are case-insensitive)`;
  return `${key}: expected ${problem.expected}, got ${shown(problem.got)}${meant}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value); // JSON has no inf and no nan, TOML does
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = String(value);
  }
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
