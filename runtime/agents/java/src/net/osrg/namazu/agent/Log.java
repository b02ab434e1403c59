package net.osrg.namazu.agent;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Lines for people. Each problem is said once on the descriptor of stderr, not through System.err: a program may have
 * replaced that, by something that takes locks or is instrumented. With a log file, everything goes there instead.
 */
final class Log {
  private final Set<String> said = new HashSet<String>();
  private final FileOutputStream file;

  Log(String path) {
    FileOutputStream opened = null;
    if (path != null) {
      try {
        opened = new FileOutputStream(path, true);
      } catch (IOException failure) {
        write(stderr(), "the log " + path + " cannot be opened: " + failure.getMessage());
      }
    }
    this.file = opened;
  }

  /** On stderr the first time that `cause` is given, and in the log file every time. */
  void problem(String cause, String line) {
    boolean isFirst;
    synchronized (said) {
      isFirst = said.add(cause);
    }
    if (file != null) {
      write(file, line);
    } else if (isFirst) {
      write(stderr(), line);
    }
  }

  /** In the log file; without one, nowhere. */
  void note(String line) {
    if (file != null) {
      write(file, line);
    }
  }

  /** Always, wherever lines go. */
  void say(String line) {
    write(file == null ? stderr() : file, line);
  }

  private static FileOutputStream stderr() {
    return new FileOutputStream(FileDescriptor.err);
  }

  private static void write(FileOutputStream out, String line) {
    try {
      out.write(("nmz-java: " + line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException ignored) {
      // Nobody can be told.
    }
  }
}
