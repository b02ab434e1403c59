/** The same words with a token's value hidden; the very same array where there is none. What follows "--" is another program's. */
export function withoutToken(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  const ours = end < 0 ? words : words.slice(0, end);
  if (!ours.some((word) => word === "--token" || word.startsWith("--token="))) return words;
  const hidden = ours.map((word, index) => {
    if (ours[index - 1] === "--token") return "***";
    return word.startsWith("--token=") ? "--token=***" : word;
  });
  return [...hidden, ...words.slice(ours.length)];
}
