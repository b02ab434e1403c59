import type { ReportData, ReportFailure, ReportRate, ReportTest } from "../data/index.js";
import { intervalWords, percentWords } from "../words/index.js";
import { escapeXml } from "./escape-xml.js";

/**
 * The campaign as one JUnit suite for CI servers: each test once, failed when it failed in any fuzzed or plain run, with its
 * rate in the message and as properties. Failures of the run itself, and runs without test results, are a test of their own.
 * The dialect is surefire's and Jenkins' (no standard exists); properties of a test case as pytest writes them.
 */
export function renderJunit(data: ReportData): string {
  const { campaign, tests, fuzzed, plain } = data;
  const ofRun = data.failures.filter((failure) => failure.tests.length === 0);
  const hasRunCase = tests.length === 0 || ofRun.length > 0;
  const failedTests = tests.filter(hasFailed).length;
  const runHasFailed =
    tests.length === 0 ? fuzzed.rate.failed + (plain?.rate.failed ?? 0) > 0 : ofRun.length > 0;
  const attributes = [
    `name="${escapeXml(campaign.test)}"`,
    `tests="${tests.length + (hasRunCase ? 1 : 0)}"`,
    `failures="${failedTests + (hasRunCase && runHasFailed ? 1 : 0)}"`,
    'errors="0" skipped="0"',
    `time="${(campaign.durationMs / 1000).toFixed(3)}"`,
    `timestamp="${escapeXml(campaign.startedAt.replace(/\.\d+Z$/, ""))}"`,
  ].join(" ");
  const byTest = failuresByTest(data.failures);
  const cases = [
    ...(hasRunCase
      ? [
          testCase(
            campaign.test,
            "the run itself",
            fuzzed.rate,
            plain?.rate,
            ofRun.length > 0 ? ofRun : data.failures,
            runHasFailed,
          ),
        ]
      : []),
    ...tests.map((test) => {
      const [suite, name] = splitName(test.name, campaign.test);
      return testCase(suite, name, test.rate, test.plain, byTest.get(test.name) ?? [], hasFailed(test));
    }),
  ];
  const properties = suiteProperties(data).map(([name, value]) => property(name, value));
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite ${attributes}>
<properties>
${properties.join("\n")}
</properties>
${cases.join("\n")}
</testsuite>
</testsuites>
`;
}

function testCase(
  suite: string,
  name: string,
  rate: ReportRate,
  plain: ReportRate | undefined,
  failures: readonly ReportFailure[],
  isFailed: boolean,
): string {
  const numbers: readonly (readonly [string, string])[] = [
    ["nmz.ran", String(rate.of)],
    ["nmz.failed", String(rate.failed)],
    ["nmz.rate", rate.rate.toPrecision(6)],
    ["nmz.low", rate.low.toPrecision(6)],
    ["nmz.high", rate.high.toPrecision(6)],
    ...(plain === undefined
      ? []
      : ([
          ["nmz.plain.ran", String(plain.of)],
          ["nmz.plain.failed", String(plain.failed)],
        ] as const)),
    ["nmz.flaky", String(rate.failed > 0 && rate.failed < rate.of)],
  ];
  const properties = `<properties>${numbers.map(([key, value]) => property(key, value)).join("")}</properties>`;
  const failure = isFailed ? failureElement(rate, plain, failures) : "";
  return `<testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}">${properties}${failure}</testcase>`;
}

function failureElement(
  rate: ReportRate,
  plain: ReportRate | undefined,
  failures: readonly ReportFailure[],
): string {
  const plainWords = plain === undefined ? "" : `; plain: ${plain.failed} of ${plain.of}`;
  const message = `failed in ${rate.failed} of ${rate.of} runs: ${percentWords(rate.rate)} (95 % ${intervalWords(rate)})${plainWords}`;
  const lines = failures.flatMap(({ title, runs, frames, examples }) => {
    const [example] = examples;
    const command = example?.replayCommand ?? example?.seedCommand;
    const again = command === undefined ? [] : [`  again: ${command}`];
    return [`${runs} runs: ${title}`, ...frames.map((frame) => `  at ${frame}`), ...again];
  });
  const type = failures[0] === undefined ? "" : ` type="${escapeXml(failures[0].id)}"`;
  return `<failure message="${escapeXml(message)}"${type}>${escapeXml(lines.join("\n"))}</failure>`;
}

function suiteProperties({
  environment,
  campaign,
  comparison,
}: ReportData): readonly (readonly [string, string])[] {
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ["nmz.campaign", campaign.id],
    ["nmz.seed", campaign.seed],
    ["nmz.version", environment.nmzc],
    ["nmz.kernel", environment.kernel],
    ["nmz.engine", environment.engine],
    ["nmz.image", environment.image],
    ["nmz.image.digest", environment.imageDigest],
    ["nmz.p", comparison === undefined ? undefined : comparison.fisherP.toPrecision(6)],
  ];
  return pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function property(name: string, value: string): string {
  return `<property name="${escapeXml(name)}" value="${escapeXml(value)}"/>`;
}

function hasFailed({ rate, plain }: ReportTest): boolean {
  return rate.failed > 0 || (plain?.failed ?? 0) > 0;
}

/** "org.example.QueueTest > takes" as surefire has it: class and name. */
function splitName(name: string, otherwise: string): readonly [string, string] {
  const joint = name.lastIndexOf(" > ");
  return joint < 0 ? [otherwise, name] : [name.slice(0, joint), name.slice(joint + 3)];
}

function failuresByTest(failures: readonly ReportFailure[]): ReadonlyMap<string, readonly ReportFailure[]> {
  const byTest = new Map<string, ReportFailure[]>();
  for (const failure of failures) {
    for (const test of failure.tests) {
      const list = byTest.get(test) ?? [];
      byTest.set(test, list);
      list.push(failure);
    }
  }
  return byTest;
}
