package net.osrg.namazu;

import java.util.Map;
import net.osrg.namazu.agent.Reporter;
import org.jboss.byteman.rule.Rule;
import org.jboss.byteman.rule.helper.Helper;

/** The helper that Byteman rules written for Namazu name; its signatures are Namazu's. */
public class PBEQHelper extends Helper {
  public PBEQHelper(Rule rule) {
    super(rule);
  }

  /** Called by Byteman when the first rule goes in. */
  public static void activated() {
    Reporter.get().prepare();
  }

  /** Called by Byteman when the last rule is taken out. */
  public static void deactivated() {}

  public void eventFuncCall(String name) {
    Reporter.get().report(true, name, null, null);
  }

  public void eventFuncCall(String name, String classFilter) {
    Reporter.get().report(true, name, null, classFilter);
  }

  public void eventFuncCall(String name, Map<String, Object> argMap) {
    Reporter.get().report(true, name, argMap, null);
  }

  public void eventFuncCall(String name, Map<String, Object> argMap, String classFilter) {
    Reporter.get().report(true, name, argMap, classFilter);
  }

  public void eventFuncReturn(String name) {
    Reporter.get().report(false, name, null, null);
  }

  public void eventFuncReturn(String name, String classFilter) {
    Reporter.get().report(false, name, null, classFilter);
  }

  public void eventFuncReturn(String name, Map<String, Object> argMap) {
    Reporter.get().report(false, name, argMap, null);
  }

  public void eventFuncReturn(String name, Map<String, Object> argMap, String classFilter) {
    Reporter.get().report(false, name, argMap, classFilter);
  }

  public void stopInspection() {
    Reporter.get().stop();
  }
}
