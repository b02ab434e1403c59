package net.osrg.namazu.agent;

import org.jboss.byteman.agent.Retransformer;
import org.jboss.byteman.agent.TransformListener;

/** Byteman hands its transformer to the manager that its arguments name, and to nobody else. */
public final class BytemanManager {
  private static Retransformer transformer;
  private static boolean isListenerWanted;

  private BytemanManager() {}

  /** The argument for Byteman; `listener:…` in the others keeps its meaning. */
  static String argument(Iterable<String> others) {
    for (String other : others) {
      if (other.equals("listener:true") || other.startsWith("port:") || other.startsWith("address:")) {
        isListenerWanted = true;
      }
    }
    return "manager:" + BytemanManager.class.getName();
  }

  /** Called by Byteman, by reflection. */
  public static void initialize(Retransformer made, String host, Integer port) {
    transformer = made;
    if (isListenerWanted) {
      TransformListener.initialize(made, host, port);
    }
  }

  static Retransformer transformer() {
    if (transformer == null) {
      throw new IllegalStateException("functions= cannot be used with a manager: of Byteman's, or without retransformation");
    }
    return transformer;
  }
}
