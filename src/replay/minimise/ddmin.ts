/**
 * The smallest list of units that still fails, in that no unit of it can be left out: Zeller & Hildebrandt,
 * "Simplifying and isolating failure-inducing input", IEEE TSE 28(2), 2002, algorithm ddmin. `fails` is never asked about the
 * empty list, nor about all.
 */
export async function ddmin<Unit>(
  units: readonly Unit[],
  fails: (units: readonly Unit[]) => Promise<boolean>,
): Promise<readonly Unit[]> {
  let left = units;
  let parts = 2;
  while (left.length >= 2) {
    const chunks = split(left, parts);
    const chunk = await firstThat(chunks, fails);
    if (chunk !== undefined) {
      left = chunk;
      parts = 2;
      continue;
    }
    // With two parts each is the other's rest, and was just asked about.
    const rests = parts === 2 ? [] : chunks.map((without) => difference(left, without));
    const rest = await firstThat(rests, fails);
    if (rest !== undefined) {
      left = rest;
      parts = Math.max(parts - 1, 2);
    } else if (parts < left.length) {
      parts = Math.min(parts * 2, left.length);
    } else break;
  }
  return left;
}

async function firstThat<Unit>(
  candidates: readonly (readonly Unit[])[],
  fails: (units: readonly Unit[]) => Promise<boolean>,
): Promise<readonly Unit[] | undefined> {
  for (const candidate of candidates) if (await fails(candidate)) return candidate;
  return undefined;
}

function split<Unit>(units: readonly Unit[], parts: number): readonly (readonly Unit[])[] {
  return Array.from({ length: parts }, (_, part) =>
    units.slice(Math.round((part * units.length) / parts), Math.round(((part + 1) * units.length) / parts)),
  );
}

function difference<Unit>(units: readonly Unit[], without: readonly Unit[]): readonly Unit[] {
  const left = new Set(without);
  return units.filter((unit) => !left.has(unit));
}
