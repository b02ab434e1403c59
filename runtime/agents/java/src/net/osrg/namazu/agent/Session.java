package net.osrg.namazu.agent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way to the orchestrator for as long as the JVM lives: one connection at a time, made when the first event needs it
 * and again, with growing pauses, when it is lost. Without one, events pass at once; only the first ones wait for the
 * first attempt. No wait is longer than the timeout.
 */
final class Session implements Runnable {
  private static final int FIRST_PAUSE_MS = 50;
  private static final int LONGEST_PAUSE_MS = 2000;
  private static final int FILE_PAUSE_MS = 20;

  private final Settings settings;
  private final Requests requests;
  private final Log log;
  private final AtomicInteger messageIds = new AtomicInteger();
  private final Object lock = new Object();
  private boolean isWanted;
  private boolean hasTried;
  private long wantedNanos;
  private volatile Link link;
  private volatile boolean hasEnded;
  /** The last connection was given up because nothing came over it. */
  private volatile boolean wasSilent;

  Session(Settings settings, Log log) {
    this.settings = settings;
    this.requests = new Requests(settings.entity, settings.pid);
    this.log = log;
  }

  /** Starts its thread, which does nothing until something is to be sent. */
  void start() {
    new AgentThread("nmz-java", this).start();
  }

  boolean hasEnded() {
    return hasEnded;
  }

  /** Makes the connection now, so that it is there when the first event comes. */
  void want() {
    synchronized (lock) {
      if (!isWanted) {
        isWanted = true;
        wantedNanos = System.nanoTime();
        lock.notifyAll();
      }
    }
  }

  /** Returns when the program may go on. */
  void report(boolean isCall, String name, JavaFields fields) {
    long deadline = System.nanoTime() + settings.timeoutMs * 1000000L;
    Link current = link;
    if (current == null) {
      current = firstLink(deadline);
    }
    if (current == null) {
      return;
    }
    int id = messageIds.incrementAndGet();
    long asked = System.nanoTime();
    if (current.exchange(id, requests.function(id, isCall, name, fields), deadline)) {
      return;
    }
    if (current.hasHeardSince(asked)) {
      log.problem("late", name + " had no answer within " + settings.timeoutMs + " ms: it goes on");
    } else {
      log.problem(
          "silent",
          "the orchestrator has not answered for " + settings.timeoutMs + " ms: the program goes on without it");
      wasSilent = true;
      current.kill();
    }
  }

  /** Nothing is reported from here on. */
  void stop() {
    hasEnded = true;
    Link current = link;
    if (current != null) {
      current.endWith(requests.exit(messageIds.incrementAndGet()));
    }
    attempted();
    want();
  }

  @Override
  public void run() {
    try {
      awaitWanted();
      connectAndRead();
    } catch (InterruptedException stopped) {
      log.note("the connection's thread was interrupted");
    } catch (Throwable failure) {
      log.problem("failure", "the agent has failed, the program goes on without it: " + failure);
    } finally {
      hasEnded = true;
      Link last = link;
      link = null;
      if (last != null) {
        last.kill();
      }
      attempted();
    }
  }

  private void connectAndRead() throws InterruptedException {
    int pauseMs = FIRST_PAUSE_MS;
    while (!hasEnded) {
      InetSocketAddress address = settings.endpoint.address();
      Link made = address == null ? null : open(address);
      if (made != null) {
        wasSilent = false;
        serve(made, address);
        // It would greet us again at once, and have each event wait again: it gets as long a rest as it took.
        pauseMs = wasSilent ? settings.timeoutMs : FIRST_PAUSE_MS;
      } else if (address == null && mayFileStillCome()) {
        Thread.sleep(FILE_PAUSE_MS);
        continue;
      } else if (address == null) {
        unreachable(settings.endpoint.toString(), "it names no host and port");
      }
      attempted();
      if (!hasEnded) {
        Thread.sleep(pauseMs);
        pauseMs = Math.min(2 * Math.min(pauseMs, LONGEST_PAUSE_MS), LONGEST_PAUSE_MS);
      }
    }
  }

  private Link open(InetSocketAddress address) {
    Link made = null;
    try {
      made = new Link(address);
      if (!settings.isWithoutInitiation) {
        made.greet(requests.initiation(), settings.timeoutMs);
      }
      return made;
    } catch (IOException failure) {
      if (made != null) {
        made.kill();
      }
      unreachable(address.getHostString() + ":" + address.getPort(), String.valueOf(failure.getMessage()));
      return null;
    }
  }

  private void unreachable(String where, String why) {
    log.problem(
        "unreachable", "no orchestrator at " + where + " (" + why + "): the program goes on, and it is tried again");
  }

  private void serve(final Link made, InetSocketAddress address) {
    new AgentThread(
            "nmz-java-writer",
            new Runnable() {
              @Override
              public void run() {
                made.writeLoop();
              }
            })
        .start();
    link = made;
    attempted();
    log.note("connected to " + address.getHostString() + ":" + address.getPort());
    try {
      while (!hasEnded) {
        handle(made, made.read());
      }
    } catch (IOException failure) {
      if (!hasEnded && !wasSilent) {
        log.problem(
            "lost", "the orchestrator is gone (" + failure.getMessage() + "): the program goes on, and it is tried again");
      }
    } finally {
      link = null;
      made.kill();
    }
  }

  private void handle(Link from, Reply reply) {
    if (reply.result == Reply.END) {
      log.note("the orchestrator has ended the inspection");
      hasEnded = true;
      return;
    }
    if (reply.result != Reply.ACK) {
      log.problem("refused", "the orchestrator could not read an event (result " + reply.result + "): it goes on");
    }
    from.answered(reply.messageId);
  }

  private boolean mayFileStillCome() {
    synchronized (lock) {
      return !hasTried && System.nanoTime() - wantedNanos < settings.timeoutMs * 1000000L;
    }
  }

  private void awaitWanted() throws InterruptedException {
    synchronized (lock) {
      while (!isWanted) {
        lock.wait();
      }
    }
  }

  private void attempted() {
    synchronized (lock) {
      hasTried = true;
      lock.notifyAll();
    }
  }

  /** The link that the first attempt brings; null when it has failed, now or before. */
  private Link firstLink(long deadline) {
    want();
    boolean wasInterrupted = false;
    synchronized (lock) {
      while (!hasTried) {
        long leftMs = (deadline - System.nanoTime() + 999999) / 1000000;
        if (leftMs <= 0) {
          break;
        }
        try {
          lock.wait(leftMs);
        } catch (InterruptedException interruption) {
          wasInterrupted = true;
        }
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    return link;
  }
}
