/** The same inputs each time unless asked otherwise: a new fault is to be found by who looks for it, not by chance. */
const defaultSeed = 20_180_825;
const defaultTotal = 100_000;

/** `NMZ_FUZZ_RUNS`: inputs in total, of which each parser has its share. scripts/test asks for a million. */
export const fuzzTotal = wholeNumber("NMZ_FUZZ_RUNS", defaultTotal);

/** `NMZ_FUZZ_SEED`: what the inputs are drawn from; "random" draws the seed itself. */
export const fuzzSeed =
  process.env["NMZ_FUZZ_SEED"] === "random"
    ? Math.floor(Math.random() * 0x4000_0000)
    : wholeNumber("NMZ_FUZZ_SEED", defaultSeed);

function wholeNumber(name: string, byDefault: number): number {
  const text = process.env[name];
  if (text === undefined || text === "") return byDefault;
  if (!/^-?\d{1,10}$/.test(text)) throw new Error(`${name} is a whole number, not "${text}"`);
  return Number(text);
}
