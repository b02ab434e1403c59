package net.osrg.namazu.agent;

import java.lang.instrument.Instrumentation;

/**
 * The agent's door. The manifest's Boot-Class-Path puts this jar and the byteman.jar beside it behind the bootstrap loader,
 * the only one whose classes every instrumented class sees.
 */
public final class NmzAgent {
  private NmzAgent() {}

  public static void premain(String options, Instrumentation instrumentation) {
    try {
      Installation.install(options, instrumentation);
    } catch (NoClassDefFoundError missing) {
      System.err.println("nmz-java: the agent is not active: byteman.jar must lie beside nmz-java.jar (" + missing + ")");
    } catch (Throwable failure) {
      // An agent that throws here ends the JVM.
      Throwable cause = failure;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      System.err.println("nmz-java: the agent is not active: " + cause);
    }
  }
}
