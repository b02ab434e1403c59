package net.osrg.namazu.agent;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * One connection to the orchestrator, from its start to its end. Threads of the program never touch the socket: a write
 * to a peer that does not read would hold them for ever. They put a frame into the queue and wait for its reply.
 */
final class Link {
  private static final int CONNECT_WITHIN_MS = 2000;
  private static final int MOST_QUEUED = 1024;
  private static final byte[] LAST = new byte[0];

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<byte[]>(MOST_QUEUED);
  private final ConcurrentHashMap<Integer, Waiter> waiting = new ConcurrentHashMap<Integer, Waiter>();
  private volatile boolean isDead;
  private volatile long heardNanos = System.nanoTime();

  Link(InetSocketAddress address) throws IOException {
    socket = new Socket(Proxy.NO_PROXY);
    boolean isOpen = false;
    try {
      socket.connect(address, CONNECT_WITHIN_MS);
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = socket.getOutputStream();
      isOpen = true;
    } finally {
      if (!isOpen) {
        closeSocket();
      }
    }
  }

  /** Sends the greeting and waits for its ACK. */
  void greet(byte[] frame, int withinMs) throws IOException {
    out.write(frame);
    socket.setSoTimeout(withinMs);
    Reply reply = Reply.readFrom(in);
    if (reply.result != Reply.ACK) {
      throw new IOException("the greeting was answered with result " + reply.result);
    }
    socket.setSoTimeout(0);
  }

  /** Writes what is queued, in the calling thread, until the link is dead or its last frame is out. */
  void writeLoop() {
    try {
      for (byte[] frame = queue.take(); frame != LAST && !isDead; frame = queue.take()) {
        out.write(frame);
      }
    } catch (IOException failure) {
      // The reader sees the same end, and says it.
    } catch (InterruptedException stopped) {
      // Nobody interrupts this thread; if somebody does, the link ends.
    }
    kill();
  }

  /** The next reply, for the reader's thread. */
  Reply read() throws IOException {
    Reply reply = Reply.readFrom(in);
    heardNanos = System.nanoTime();
    return reply;
  }

  /** Sends a frame and waits until its reply or `deadlineNanos`; false when the time was up. */
  boolean exchange(int messageId, byte[] frame, long deadlineNanos) {
    Waiter waiter = new Waiter();
    waiting.put(messageId, waiter);
    try {
      // kill() releases those whom it finds: whoever comes later sees that the link is dead.
      if (isDead) {
        return true;
      }
      return enqueue(frame, deadlineNanos) && waiter.await(deadlineNanos);
    } finally {
      waiting.remove(messageId);
    }
  }

  private boolean enqueue(byte[] frame, long deadlineNanos) {
    // A timed offer throws for a thread that was interrupted before, so the flag is taken away and put back.
    boolean wasInterrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return queue.offer(frame, deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interruption) {
          wasInterrupted = true;
        }
      }
    } finally {
      if (wasInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void answered(int messageId) {
    Waiter waiter = waiting.get(messageId);
    if (waiter != null) {
      waiter.release();
    }
  }

  boolean hasHeardSince(long nanos) {
    return heardNanos - nanos > 0;
  }

  /** Sends one more frame, and ends. */
  void endWith(byte[] frame) {
    queue.offer(frame);
    if (!queue.offer(LAST)) {
      kill();
    }
    releaseAll();
  }

  /** Lets every waiting thread go on. Any thread, any number of times. */
  void kill() {
    isDead = true;
    closeSocket();
    queue.clear();
    queue.offer(LAST);
    releaseAll();
  }

  private void releaseAll() {
    for (Waiter waiter : waiting.values()) {
      waiter.release();
    }
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException ignored) {
      // It is of no use any more, which is what was wanted.
    }
  }
}
