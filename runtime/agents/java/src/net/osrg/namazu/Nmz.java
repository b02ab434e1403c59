package net.osrg.namazu;

import java.util.Map;
import net.osrg.namazu.agent.Reporter;

/**
 * For programs and aspects that report functions by themselves. With `-javaagent:nmz-java.jar` the agent's options hold;
 * with the jar on the class path only, those of `-Dnmz.java=<options>` and of the environment. Each call returns when the
 * thread may go on, which is at once where no orchestrator answers.
 */
public final class Nmz {
  private Nmz() {}

  public static void functionCall(String name) {
    Reporter.get().report(true, name, null, null);
  }

  /** The arguments' values are sent as their strings. */
  public static void functionCall(String name, Map<String, ?> arguments) {
    Reporter.get().report(true, name, arguments, null);
  }

  public static void functionReturn(String name) {
    Reporter.get().report(false, name, null, null);
  }

  public static void functionReturn(String name, Map<String, ?> arguments) {
    Reporter.get().report(false, name, arguments, null);
  }
}
