package net.osrg.namazu.agent;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a JVM knows of a call beyond its name. Bounded: an event must fit into the orchestrator's frame. */
final class JavaFields {
  private static final int MOST_FRAMES = 64;
  private static final int MOST_PARAMETERS = 64;
  private static final int LONGEST_TEXT = 1024;

  final String threadName;
  final StackTraceElement[] stack;
  final Map<String, String> parameters;

  JavaFields(String threadName, StackTraceElement[] stack, Map<String, String> parameters) {
    this.threadName = threadName;
    this.stack = stack;
    this.parameters = parameters;
  }

  static JavaFields ofCurrentThread(StackTraceElement[] stack, Map<?, ?> arguments) {
    Thread thread = Thread.currentThread();
    return new JavaFields(cut(thread.getName()), callers(stack), texts(arguments));
  }

  /** From the instrumented method on: what lies above are our frames and Byteman's. */
  private static StackTraceElement[] callers(StackTraceElement[] stack) {
    int first = 0;
    for (int index = 0; index < stack.length; index++) {
      String className = stack[index].getClassName();
      if (className.startsWith("org.jboss.byteman.") || className.startsWith("net.osrg.namazu.")) {
        first = index + 1;
      }
    }
    if (first == 0) {
      first = Math.min(1, stack.length); // Thread.getStackTrace itself
    }
    int length = Math.min(stack.length - first, MOST_FRAMES);
    StackTraceElement[] callers = new StackTraceElement[length];
    System.arraycopy(stack, first, callers, 0, length);
    return callers;
  }

  private static Map<String, String> texts(Map<?, ?> arguments) {
    Map<String, String> texts = new LinkedHashMap<String, String>();
    if (arguments == null) {
      return texts;
    }
    for (Map.Entry<?, ?> argument : arguments.entrySet()) {
      if (texts.size() == MOST_PARAMETERS) {
        break;
      }
      texts.put(text(argument.getKey()), text(argument.getValue()));
    }
    return texts;
  }

  // toString is the program's own code: whatever it throws is not our caller's affair.
  private static String text(Object value) {
    try {
      return cut(String.valueOf(value));
    } catch (Throwable failure) {
      return "<toString: " + failure.getClass().getName() + ">";
    }
  }

  static String cut(String text) {
    if (text == null) {
      return "null";
    }
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
