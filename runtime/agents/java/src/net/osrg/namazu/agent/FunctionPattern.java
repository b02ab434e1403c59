package net.osrg.namazu.agent;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** `com.example.Foo#bar`, `…#bar(int,java.lang.String)`, `…#*`, `com.example.*#*`; `@call` or `@return` for one end only. */
final class FunctionPattern {
  private static final String IDENTIFIER = "[\\p{L}\\p{Sc}_][\\p{L}\\p{Sc}\\p{N}_]*";
  private static final Pattern SYNTAX =
      Pattern.compile(
          "(IDENTIFIER(?:\\.IDENTIFIER)*(?:\\.\\*)?)#(\\*|<init>|IDENTIFIER)(\\([^()]*\\))?(@call|@return)?"
              .replace("IDENTIFIER", IDENTIFIER));
  private static final Pattern TYPES = Pattern.compile("\\((?:[\\p{L}\\p{Sc}_][\\p{L}\\p{Sc}\\p{N}_.\\[\\], ]*)?\\)");

  final String text;
  /** With dots; `$` before an inner class. */
  final String className;
  final String methodName;
  /** `(int,java.lang.String)`, or empty for every overload. */
  final String types;
  final boolean isCall;
  final boolean isReturn;

  private FunctionPattern(String text, Matcher parts) {
    this.text = text;
    this.className = parts.group(1);
    this.methodName = parts.group(2);
    this.types = parts.group(3) == null ? "" : parts.group(3);
    this.isCall = !"@return".equals(parts.group(4));
    this.isReturn = !"@call".equals(parts.group(4));
  }

  /** Null for what is no pattern. It goes into a rule's text, so nothing else may be in it. */
  static FunctionPattern parse(String text) {
    Matcher parts = SYNTAX.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    FunctionPattern pattern = new FunctionPattern(text, parts);
    boolean isWhole = pattern.types.isEmpty() || (!pattern.hasWildcard() && TYPES.matcher(pattern.types).matches());
    return isWhole ? pattern : null;
  }

  /** Which methods it means is known only when a class is loaded. */
  boolean hasWildcard() {
    return methodName.equals("*") || className.endsWith("*");
  }

  boolean matchesClass(String name) {
    return className.endsWith(".*")
        ? name.startsWith(className.substring(0, className.length() - 1))
        : name.equals(className);
  }

  boolean matchesMethod(String name) {
    return methodName.equals("*") ? !name.startsWith("<") : methodName.equals(name);
  }
}
