/** Where test runners leave their results unless they are told otherwise, and names that people give them. */
export const usualPlaces: readonly string[] = [
  // Maven, Gradle
  "**/surefire-reports/TEST-*.xml",
  "**/failsafe-reports/TEST-*.xml",
  "**/test-results/**/*.xml",
  // jest-junit, karma, GitLab's and Jenkins' examples, gotestsum, nextest, pytest
  "**/junit*.xml",
  "**/*junit.xml",
  "**/test-reports/**/*.xml",
  "**/{report,results,test-report,test-results,pytest}.xml",
  "**/*.tap",
  "**/{go-test,gotest,test-output}.{json,jsonl}",
];

/** Folders of other people's tests, and of much else. */
export const neverIn: readonly string[] = [
  "**/node_modules/**",
  "**/.git/**",
  "**/site-packages/**",
  "**/.venv/**",
];

/** A result file lies this deep in a volume at most, where nobody named it. */
export const usualDepth = 12;
