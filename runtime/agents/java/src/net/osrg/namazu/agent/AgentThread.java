package net.osrg.namazu.agent;

/** A thread of ours: a daemon that keeps nothing of the program alive and whose own calls are never reported. */
final class AgentThread extends Thread {
  AgentThread(String name, Runnable task) {
    super(rootGroup(), task, name);
    setDaemon(true);
    setContextClassLoader(null);
  }

  private static ThreadGroup rootGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }
}
