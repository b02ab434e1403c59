import { withoutColour } from "../plain-text.js";

/** As many lines and characters of a message make a signature: a diff of a thousand lines differs each time. */
const maximumLines = 6;
const maximumLineLength = 300;

/** A line at which the message is over: frames, the source that pytest quotes, a dump of threads. */
export const endOfMessage =
  /^\s*(?:at \S.*[)\d]$|❯ |File ".*", line \d+|Traceback \(most recent call last\)|goroutine \d+ \[|stack backtrace:|note: run with `RUST_BACKTRACE)/;

type Rule = readonly [expression: RegExp, replacement: string | ((...parts: string[]) => string)];

/** Marks digits that mean something; private use, so no message has it. */
const kept = "\uE000";

const shield = (digits: string) =>
  [...digits].map((digit) => kept + String.fromCharCode(0xe010 + Number(digit))).join("");

/** In this order: what is specific before what would take a part of it. */
const rules: readonly Rule[] = [
  [/[\uE000-\uE019]/g, ""],
  // Numbers that name a kind of failure: exit codes, signals, errno, HTTP and SQL states.
  [
    /\b((?:exit(?:ed)?(?: with)?(?: (?:code|status|value))?|return(?:ed)? code|signal|errno|http(?:\/(?:[\d.]+|<n>))?|status(?: code)?|error code|sqlstate)[:= (]{1,2}["'[]?)(-?)(\d{1,5})\b/gi,
    (_, words, sign, digits) => `${words}${sign}${shield(digits ?? "")}`,
  ],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<uuid>"],
  // 2024-05-01T12:00:00.123Z, 2024/05/01 12:00:00,123 +0200
  [
    /\b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?/g,
    "<time>",
  ],
  [
    /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:\d\d? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +(?:\d\d?,? +)?(?:\d{4} )?\d\d:\d\d:\d\d(?:[.,]\d+)?(?: [A-Z]{3,4})?(?: \d{4})?/g,
    "<time>",
  ],
  [/\b\d\d?:\d\d:\d\d(?:[.,]\d+)?\b/g, "<time>"],
  // A folder for temporary files; what is in it may have a name of its own.
  [
    /(?:\/private)?(?:\/var\/folders\/[\w+-]+\/[\w+-]+\/T|\/var\/tmp|\/tmp|\/dev\/shm|\/run\/user\/\d+)\/[^\s"'`:,;()<>[\]{}|]+/g,
    (path) => temporaryPath(path ?? ""),
  ],
  // The same sources lie elsewhere on another machine; two parts tell enough.
  [/(?<![\w.:/\-@])(?:\/[\w.+@%~-]+){3,}/g, (path) => (path ?? "").split("/").slice(-2).join("/")],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:\/\d+)?\b/g, "<address>"],
  [
    /\[(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%\w+)?\](?::\d+)?|\b(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\b/gi,
    "<address>",
  ],
  // As Node and others write it: ::1:5432, :::3000.
  [/(?<![\w:])::(?:1|ffff:[\d.]+)?:\d{1,5}\b/g, "<address>"],
  // Java: Object.toString, classes made while the program runs.
  [/\$\$Lambda(?:[$/](?:0x)?[0-9a-f]+)*/gi, "$$$$Lambda"],
  [/\$\$(EnhancerBy\w+|FastClassBy\w+|SpringCGLIB)\$\$[0-9a-f]+/g, "$$$$$1"],
  [/(?<=[\w$\])>;])@[0-9a-f]{1,16}\b/g, "@<hash>"],
  [/\b0x[0-9a-f]+\b/gi, "<hex>"],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/gi, "<hex>"],
  // A random word: letters and digits change places three times or more.
  [/\b(?=\w{10,})(?:[A-Za-z_]+\d+|\d+[A-Za-z_]+){3,}\w*\b/g, "<id>"],
  // A digit that is part of a name: opentest4j.
  [/\b(?![0-9a-f]+\b)([a-z]{3,})(\d)(?=[a-z]{1,8}\b)/gi, (_, word, digit) => `${word}${shield(digit ?? "")}`],
  [
    /(?<![\w.])-?\d+(?:[.,]\d+)*(?:e[+-]?\d+)? ?(?:ns|us|µs|μs|ms|s|sec|secs|seconds?|milliseconds?|minutes?|mins?|m|h|hours?)\b(?:\d+(?:\.\d+)?(?:ms|s|m)\b)*/gi,
    "<duration>",
  ],
  [/(?<![\w.])(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?s\b/g, "<duration>"],
  [/(?<![\w<])[-+]?\d+(?:[.,_]\d+)*(?:e[+-]?\d+)?|\d+/gi, "<n>"],
  [/\b(?:NaN|-?Infinity)\b/g, "<n>"],
  // How many there are is chance too.
  [/<n>(?:(?:, ?|; ?| )<n>)+/g, "<n>…"],
  [
    new RegExp(`${kept}([\uE010-\uE019])`, "g"),
    (_, digit) => String((digit ?? "\uE010").charCodeAt(0) - 0xe010),
  ],
];

/** /tmp/junit123/data/log.txt is <tmp>/log.txt; /tmp/tmpab12cd is <tmp>. */
function temporaryPath(path: string): string {
  const last = path.slice(path.lastIndexOf("/") + 1);
  const isNamedByPerson =
    path.split("/").length > 3 && /^[A-Za-z_-]*\.?[A-Za-z]+$/.test(last) && !/^tmp/i.test(last);
  return isNamedByPerson ? `<tmp>/${last}` : "<tmp>";
}

/**
 * A message without what chance changes: addresses, numbers, times, UUIDs, ports, names of temporary files, object hashes, random
 * words, colours. What stands in quotes stays, for it is often what tells two failures apart. Lines that repeat count once.
 */
export function normaliseMessage(message: string): string {
  const lines: string[] = [];
  for (const line of withoutColour(message.slice(0, 8 * maximumLines * maximumLineLength)).split("\n")) {
    if (endOfMessage.test(line)) break;
    const plain = normaliseLine(line);
    if (plain !== "" && lines.at(-1) !== plain) lines.push(plain);
    if (lines.length === maximumLines) break;
  }
  // What is left of a diff of numbers and brackets has no word in it, and is as long as chance makes it.
  const telling = lines.filter((line) => /\p{L}/u.test(line.replace(/<\w+>/g, "")));
  return (telling.length > 0 ? telling : lines).join("\n");
}

function normaliseLine(line: string): string {
  let plain = line.slice(0, maximumLineLength);
  for (const [expression, replacement] of rules) {
    plain =
      typeof replacement === "string"
        ? plain.replace(expression, replacement)
        : plain.replace(expression, replacement);
  }
  return plain.replace(/\s+/g, " ").trim();
}
