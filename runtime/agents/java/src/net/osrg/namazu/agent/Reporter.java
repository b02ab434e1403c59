package net.osrg.namazu.agent;

import java.util.Map;

/**
 * Takes calls and returns from the program's threads. Whatever goes wrong in here, the program never hears of it, and what
 * is called from in here (a toString, a class that is being loaded) is not reported in its turn.
 */
public final class Reporter {
  private static final ThreadLocal<Boolean> BUSY = new ThreadLocal<Boolean>();
  private static volatile Reporter instance;

  private final Settings settings;
  private final Log log;
  private final Session session;

  Reporter(Settings settings, Log log) {
    this.settings = settings;
    this.log = log;
    this.session = new Session(settings, log);
    for (String problem : settings.problems) {
      log.problem(problem, problem);
    }
    if (!settings.isDisabled && !settings.isDryRun) {
      session.start();
    }
  }

  /** The agent's. In a JVM without the agent, where only the API is used, one that reads `-Dnmz.java=<options>`. */
  public static Reporter get() {
    Reporter there = instance;
    return there == null ? startWithoutAgent() : there;
  }

  private static synchronized Reporter startWithoutAgent() {
    if (instance == null) {
      Settings settings = new Settings(System.getProperty("nmz.java"), System.getenv());
      instance = new Reporter(settings, new Log(settings.logFile));
    }
    return instance;
  }

  /** False when there is one already. */
  static synchronized boolean start(Settings settings, Log log) {
    if (instance != null) {
      return false;
    }
    instance = new Reporter(settings, log);
    return true;
  }

  /** Connects, in the background. */
  public void prepare() {
    if (!settings.isDisabled && !settings.isDryRun) {
      session.want();
    }
  }

  /** Returns when the thread may go on. `arguments` and `classFilter` may be null. */
  public void report(boolean isCall, String name, Map<?, ?> arguments, String classFilter) {
    if (settings.isDisabled || session.hasEnded() || BUSY.get() != null) {
      return;
    }
    if (Thread.currentThread() instanceof AgentThread) {
      return;
    }
    BUSY.set(Boolean.TRUE);
    try {
      StackTraceElement[] stack = Thread.currentThread().getStackTrace();
      if (classFilter != null && !isInStack(stack, classFilter)) {
        return;
      }
      JavaFields fields = JavaFields.ofCurrentThread(stack, arguments);
      String cutName = JavaFields.cut(name);
      if (settings.isDryRun) {
        log.say((isCall ? "call " : "return ") + cutName + " " + fields.parameters + " (dry run)");
      } else {
        session.report(isCall, cutName, fields);
      }
    } catch (Throwable failure) {
      log.problem("failure", "an event could not be reported: " + failure);
    } finally {
      BUSY.remove();
    }
  }

  /** Nothing is reported for the rest of the process. */
  public void stop() {
    session.stop();
  }

  private static boolean isInStack(StackTraceElement[] stack, String className) {
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().equals(className)) {
        return true;
      }
    }
    return false;
  }
}
