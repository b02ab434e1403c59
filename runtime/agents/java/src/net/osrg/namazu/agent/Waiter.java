package net.osrg.namazu.agent;

/**
 * One thread of the program that waits for the answer to its event. A monitor of its own and not LockSupport.park: the
 * program's own permit must not be used up, and its interrupt must be there when it comes back.
 */
final class Waiter {
  private boolean isReleased;

  /** Until the release or `deadlineNanos` (System.nanoTime); whether it was released. */
  synchronized boolean await(long deadlineNanos) {
    boolean wasInterrupted = false;
    while (!isReleased) {
      long leftMs = (deadlineNanos - System.nanoTime() + 999999) / 1000000;
      if (leftMs <= 0) {
        break;
      }
      try {
        wait(leftMs);
      } catch (InterruptedException interruption) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return isReleased;
  }

  synchronized void release() {
    isReleased = true;
    notifyAll();
  }
}
