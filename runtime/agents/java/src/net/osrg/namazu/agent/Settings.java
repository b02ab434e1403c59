package net.osrg.namazu.agent;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the agent was told: `-javaagent:nmz-java.jar=<options>` first, then Namazu's environment variables. */
final class Settings {
  private static final int TIMEOUT_MS = 10000;
  private static final String PORT = "10000";

  final List<FunctionPattern> functions = new ArrayList<FunctionPattern>();
  /** Byteman's own arguments, `script:…` among them. */
  final List<String> byteman = new ArrayList<String>();
  final List<String> problems = new ArrayList<String>();
  final boolean isDisabled;
  final boolean isDryRun;
  final boolean isWithoutInitiation;
  final int pid;
  Endpoint endpoint;
  String entity;
  String classFilter;
  String logFile;
  int timeoutMs = TIMEOUT_MS;

  Settings(String options, Map<String, String> environment) {
    isDisabled = environment.containsKey("NMZ_DISABLE");
    isDryRun = environment.containsKey("NMZ_DRYRUN");
    isWithoutInitiation = environment.containsKey("NMZ_NO_INITIATION");
    endpoint = Endpoint.at(readPort(environment.get("NMZ_GA_TCP_PORT")));
    String named = environment.get("NMZ_ENV_ENTITY_ID");
    entity = named == null || named.isEmpty() ? defaultEntity(System.getProperty("sun.java.command")) : named;
    pid = ownPid();
    readOptions(options == null ? "" : options);
  }

  private String readPort(String port) {
    if (port == null || Endpoint.parse(port) != null) {
      return port == null ? PORT : port;
    }
    problems.add("NMZ_GA_TCP_PORT=" + port + " is no port; it stays " + PORT);
    return PORT;
  }

  private void readOptions(String options) {
    boolean isInFunctions = false;
    for (String word : OptionWords.split(options)) {
      int equals = word.indexOf('=');
      if (OptionWords.isBytemanArgument(word)) {
        byteman.add(word);
        isInFunctions = false;
      } else if (equals < 0 && isInFunctions) {
        addFunction(word);
      } else if (equals < 0) {
        problems.add("option \"" + word + "\" is not known");
      } else {
        String key = word.substring(0, equals);
        readOption(key, word.substring(equals + 1));
        isInFunctions = key.equals("functions");
      }
    }
  }

  private void readOption(String key, String value) {
    if (value.isEmpty()) {
      problems.add("option " + key + " has no value");
    } else if (key.equals("functions")) {
      addFunction(value);
    } else if (key.equals("script")) {
      byteman.add("script:" + value);
    } else if (key.equals("endpoint")) {
      if (Endpoint.parse(value) == null) {
        problems.add("endpoint=" + value + " is neither host:port nor a port");
      } else {
        endpoint = Endpoint.at(value);
      }
    } else if (key.equals("endpointFile")) {
      endpoint = Endpoint.inFile(value);
    } else if (key.equals("entity")) {
      entity = value;
    } else if (key.equals("classFilter")) {
      classFilter = value;
    } else if (key.equals("log")) {
      logFile = value;
    } else if (key.equals("timeout")) {
      readTimeout(value);
    } else {
      problems.add("option \"" + key + "\" is not known");
    }
  }

  private void addFunction(String text) {
    FunctionPattern pattern = FunctionPattern.parse(text);
    if (pattern == null) {
      problems.add("functions: \"" + text + "\" is not Class#method, Class#method(types) or Class#*");
    } else {
      functions.add(pattern);
    }
  }

  private void readTimeout(String value) {
    Integer parsed = OptionWords.durationMs(value);
    if (parsed == null) {
      problems.add("timeout=" + value + " is no duration like 500ms, 10s or 1m; it stays " + timeoutMs + "ms");
    } else {
      timeoutMs = parsed;
    }
  }

  /** `java-<main class>`: the same in each run. Surefire's forks run a jar with a number in its name. */
  static String defaultEntity(String command) {
    String first = command == null ? "" : command.trim().split("\\s+", 2)[0];
    String name = first.substring(first.lastIndexOf('/') + 1);
    if (name.startsWith("surefirebooter")) {
      return "java-surefire";
    }
    if (name.endsWith(".jar")) {
      name = name.substring(0, name.length() - 4);
    }
    return name.isEmpty() ? "java" : "java-" + name;
  }

  // ProcessHandle came with Java 9, and the management beans cost 50 ms.
  private static int ownPid() {
    try {
      return Integer.parseInt(new File("/proc/self").getCanonicalFile().getName());
    } catch (IOException unknown) {
      return 0;
    } catch (NumberFormatException unknown) {
      return 0;
    }
  }
}
