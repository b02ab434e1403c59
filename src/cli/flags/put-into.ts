import { resolve } from "node:path";
import { parseInteger, word } from "./flag-values.js";

type Holder<Key extends string, Value> = Record<Key, Value | undefined>;

/** For a flag whose value is a word, kept as it is. */
export function wordInto<Key extends string>(key: Key) {
  return (value: string, draft: Holder<Key, string>): void => {
    draft[key] = word(value);
  };
}

/** For a flag that names a file or a folder, which becomes absolute. */
export function pathInto<Key extends string>(key: Key) {
  return (value: string, draft: Holder<Key, string> & { readonly cwd: string }): void => {
    const holder: Holder<Key, string> = draft;
    holder[key] = resolve(draft.cwd, word(value));
  };
}

/** For a flag that is a port to listen on: 0 is any free one, -1 none, as Namazu's config has it. */
export function portInto<Key extends string>(key: Key) {
  return (value: string, draft: Holder<Key, number>): void => {
    draft[key] = parseInteger(value, { min: -1, max: 65_535 });
  };
}
