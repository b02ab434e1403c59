import { benjaminiHochberg, type Contingency, fisherExact, ochiai } from "../../statistics/index.js";
import { absent, cellsOf, type Feature, is } from "./features.js";

/** Features that no run tells apart. */
export interface RankedGroup {
  /** The first of them. */
  readonly feature: Feature;
  /** False: that it is not so goes with failing. */
  readonly holds: boolean;
  readonly more: readonly SameFeature[];
  /** How many more there are, of which `more` names some. */
  readonly moreCount: number;
  readonly table: Contingency;
  readonly pValue: number;
  /** The share of false discoveries in believing this and all that is ranked above. */
  readonly qValue: number;
  readonly ochiai: number;
}

/** What is so in the same runs as another feature, or in all but those. */
export interface SameFeature {
  readonly feature: Feature;
  readonly isOpposite: boolean;
}

export interface Ranking {
  /** The surest first; all that was asked. */
  readonly groups: readonly RankedGroup[];
  readonly asked: number;
}

interface Group {
  readonly feature: Feature;
  readonly isFlipped: boolean;
  readonly more: SameFeature[];
  moreCount: number;
  readonly table: Contingency;
  readonly attainable: number;
}

const mostNamed = 3;

/** On each side, or it is an anecdote. */
const leastRunsOnASide = 3;

/**
 * Which features go with failing. Features that are the same in all runs are one question; questions that could
 * not be answered however the failures lay are not asked (Tarone, Biometrics 46, 1990; Gilbert, "A modified false
 * discovery rate multiple-comparisons procedure for discrete data", Applied Statistics 54, 2005).
 */
export function rankFeatures(
  features: Iterable<Feature>,
  failed: readonly boolean[],
  maxFalse: number,
): Ranking {
  const fisher = rememberedFisher();
  const groups = new Map<string, Group>();
  for (const feature of features) {
    const cells = cellsOf(feature, failed.length);
    const table = count(cells, failed);
    if (table.withFailed + table.withPassed < leastRunsOnASide) continue;
    if (table.withoutFailed + table.withoutPassed < leastRunsOnASide) continue;
    const attainable = leastPValue(table, fisher);
    if (attainable > maxFalse) continue;
    const isFlipped = cells.find((cell) => cell !== absent) === is;
    const key = sameness(cells, isFlipped);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { feature, isFlipped, more: [], moreCount: 0, table, attainable });
    else if (group.feature.kind !== "delay" || group.feature.row !== feature.row) {
      group.moreCount += 1;
      if (group.more.length < mostNamed)
        group.more.push({ feature, isOpposite: isFlipped !== group.isFlipped });
    }
  }
  const asked = answerable([...groups.values()], maxFalse);
  const pValues = asked.map(({ table }) => fisher(table));
  const qValues = benjaminiHochberg(pValues);
  const ranked = asked.map(({ feature, more, moreCount, table }, index): RankedGroup => {
    const holds = rateWith(table) >= rateWith(opposite(table));
    const oriented = holds ? table : opposite(table);
    const [pValue, qValue] = [pValues[index]!, qValues[index]!];
    return { feature, holds, more, moreCount, table: oriented, pValue, qValue, ochiai: ochiai(oriented) };
  });
  ranked.sort((a, b) => a.qValue - b.qValue || b.ochiai - a.ochiai || a.pValue - b.pValue);
  return { groups: ranked, asked: asked.length };
}

function count(cells: Uint8Array, failed: readonly boolean[]): Contingency {
  const table = { withFailed: 0, withPassed: 0, withoutFailed: 0, withoutPassed: 0 };
  for (const [run, cell] of cells.entries()) {
    if (cell === absent) continue;
    if (cell === is) table[failed[run] ? "withFailed" : "withPassed"] += 1;
    else table[failed[run] ? "withoutFailed" : "withoutPassed"] += 1;
  }
  return table;
}

function opposite({ withFailed, withPassed, withoutFailed, withoutPassed }: Contingency): Contingency {
  return {
    withFailed: withoutFailed,
    withPassed: withoutPassed,
    withoutFailed: withFailed,
    withoutPassed: withPassed,
  };
}

function rateWith({ withFailed, withPassed }: Contingency): number {
  return withFailed / (withFailed + withPassed);
}

/** The p-value if the failures lay as one-sidedly as so many can; of the table it takes the margins only. */
function leastPValue(
  { withFailed, withPassed, withoutFailed, withoutPassed }: Contingency,
  fisher: (table: Contingency) => number,
): number {
  const [withIt, without, failures] = [
    withFailed + withPassed,
    withoutFailed + withoutPassed,
    withFailed + withoutFailed,
  ];
  const least = (withFailures: number) =>
    fisher({
      withFailed: withFailures,
      withPassed: withIt - withFailures,
      withoutFailed: failures - withFailures,
      withoutPassed: without - (failures - withFailures),
    });
  return Math.min(least(Math.min(withIt, failures)), least(Math.max(0, failures - without)));
}

/** Tarone's cut: as many questions as could each be answered at a level that so many leave to each. */
function answerable(groups: readonly Group[], maxFalse: number): readonly Group[] {
  const sorted = [...groups].sort((a, b) => a.attainable - b.attainable);
  for (let questions = 1; questions < sorted.length; questions++) {
    const next = sorted[questions]!;
    if (next.attainable > maxFalse / questions) return sorted.slice(0, questions);
  }
  return sorted;
}

// A thousand groups share a few hundred tables of counts.
function rememberedFisher(): (table: Contingency) => number {
  const known = new Map<string, number>();
  return (table) => {
    const key = `${table.withFailed},${table.withPassed},${table.withoutFailed},${table.withoutPassed}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const pValue = fisherExact(table);
    known.set(key, pValue);
    return pValue;
  };
}

const cellsInCharacter = 5;

/** The same text for the same cells, and for their opposite. */
function sameness(cells: Uint8Array, isFlipped: boolean): string {
  let text = "";
  for (let start = 0; start < cells.length; start += cellsInCharacter) {
    let packed = 0;
    for (const cell of cells.subarray(start, start + cellsInCharacter)) {
      packed = packed * 3 + (cell === absent || !isFlipped ? cell : 3 - cell);
    }
    text += String.fromCharCode(packed);
  }
  return text;
}
