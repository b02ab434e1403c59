/**
 * The name of a test in JUnit XML. Who wrote it shows in what `classname` holds: the class (surefire), the module
 * (pytest), the file (vitest), the package (gotestsum), the test's own name once more (ctest, jest-junit), or the word
 * "test" (node --test); in the last two cases the suites around it tell more.
 */
export function caseName(suites: readonly string[], className: string, name: string): string {
  if (name === "") return className || suites.at(-1) || "?";
  const saysNothing = className === "" || className === "test";
  if (saysNothing) return [...suites.filter((suite) => suite !== ""), name].join(" > ");
  if (name === className || name.startsWith(`${className} `) || name.endsWith(` ${className}`)) return name;
  return `${className} > ${name}`;
}
