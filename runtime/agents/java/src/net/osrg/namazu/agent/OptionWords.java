package net.osrg.namazu.agent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The text after `-javaagent:nmz-java.jar=`, cut into words. */
final class OptionWords {
  private static final List<String> BYTEMAN =
      Arrays.asList(
          "script", "resourcescript", "boot", "sys", "listener", "redefine", "address", "port", "prop", "policy",
          "manager", "modules");

  private OptionWords() {}

  /** At each `,` and `;` that stands in no parentheses: those of `Foo#bar(int,long)` hold types. */
  static List<String> split(String options) {
    List<String> words = new ArrayList<String>();
    StringBuilder word = new StringBuilder();
    int depth = 0;
    for (char next : options.toCharArray()) {
      if (next == '(') {
        depth++;
      } else if (next == ')') {
        depth--;
      }
      if ((next == ',' || next == ';') && depth <= 0) {
        add(words, word);
        word.setLength(0);
      } else {
        word.append(next);
      }
    }
    add(words, word);
    return words;
  }

  /** `script:file.btm`, as the original's users write it; the word before the colon must be Byteman's. */
  static boolean isBytemanArgument(String word) {
    int colon = word.indexOf(':');
    return colon > 0 && BYTEMAN.contains(word.substring(0, colon));
  }

  /** 500ms, 10s, 1m; null for anything else. At least a millisecond, at most a day. */
  static Integer durationMs(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    String unit = text.substring(digits);
    int unitMs = unit.equals("ms") ? 1 : unit.equals("s") ? 1000 : unit.equals("m") ? 60000 : 0;
    if (digits == 0 || digits > 8 || unitMs == 0) {
      return null;
    }
    long ms = Long.parseLong(text.substring(0, digits)) * unitMs;
    return ms < 1 || ms > 86400000 ? null : (int) ms;
  }

  private static void add(List<String> words, StringBuilder word) {
    String trimmed = word.toString().trim();
    if (!trimmed.isEmpty()) {
      words.add(trimmed);
    }
  }
}
