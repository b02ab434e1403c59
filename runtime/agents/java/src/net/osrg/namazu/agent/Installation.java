package net.osrg.namazu.agent;

import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import org.jboss.byteman.agent.Main;

/** What happens before the program's main: Byteman is set up with the rules that were asked for. */
final class Installation {
  private Installation() {}

  static void install(String options, Instrumentation instrumentation) throws Exception {
    Settings settings = new Settings(options, System.getenv());
    Log log = new Log(settings.logFile);
    if (!Reporter.start(settings, log)) {
      log.problem("twice", "the agent is here already (JAVA_TOOL_OPTIONS?): these options do nothing: " + options);
      return;
    }
    boolean hasFunctions = !settings.functions.isEmpty() && !settings.isDisabled;
    if (settings.byteman.isEmpty() && !hasFunctions) {
      log.note("neither functions nor a script: only what the program itself reports");
      return;
    }
    List<String> arguments = new ArrayList<String>(settings.byteman);
    if (hasFunctions) {
      arguments.add(BytemanManager.argument(settings.byteman));
    }
    StringBuilder text = new StringBuilder();
    for (String argument : arguments) {
      text.append(text.length() == 0 ? "" : ",").append(argument);
    }
    Main.premain(text.toString(), instrumentation);
    if (hasFunctions) {
      FunctionRules rules = new FunctionRules(settings, BytemanManager.transformer(), log);
      rules.installNamed();
      // One that cannot retransform is called before those that can, and Byteman's can.
      instrumentation.addTransformer(rules, false);
    }
  }
}
