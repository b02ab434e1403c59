package net.osrg.namazu.agent;

/** Byteman rules for functions that were named without any. */
final class RuleText {
  private RuleText() {}

  /** `kind` is CLASS or INTERFACE. Overloads share one name, so that a decision depends on no signature. */
  static String of(String kind, String className, String method, FunctionPattern pattern, String classFilter) {
    StringBuilder text = new StringBuilder();
    if (pattern.isCall) {
      append(text, kind, className, method, "ENTRY", "eventFuncCall", classFilter);
    }
    if (pattern.isReturn) {
      append(text, kind, className, method, "EXIT", "eventFuncReturn", classFilter);
    }
    return text.toString();
  }

  private static void append(
      StringBuilder text, String kind, String className, String method, String where, String call, String filter) {
    int parenthesis = method.indexOf('(');
    String name = className + "#" + (parenthesis < 0 ? method : method.substring(0, parenthesis));
    text.append("RULE nmz ").append(kind).append(' ').append(className).append('#').append(method);
    text.append(' ').append(where).append('\n');
    text.append(kind).append(' ').append(className).append('\n');
    text.append("METHOD ").append(method).append('\n');
    text.append("HELPER net.osrg.namazu.PBEQHelper\n");
    text.append("AT ").append(where).append('\n');
    text.append("IF TRUE\n");
    text.append("DO ").append(call).append("(\"").append(name).append('"');
    if (filter != null) {
      text.append(", \"").append(filter.replace("\\", "").replace("\"", "")).append('"');
    }
    text.append(")\nENDRULE\n\n");
  }
}
