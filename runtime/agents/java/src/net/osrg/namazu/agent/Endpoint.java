package net.osrg.namazu.agent;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Where the orchestrator is: `host:port` or `port`, given, or written into a file that is read at each attempt. */
final class Endpoint {
  private final String text;
  private final String file;

  private Endpoint(String text, String file) {
    this.text = text;
    this.file = file;
  }

  static Endpoint at(String text) {
    return new Endpoint(text, null);
  }

  static Endpoint inFile(String file) {
    return new Endpoint(null, file);
  }

  /** Null where the file is not there yet, or what is written is no address. */
  InetSocketAddress address() {
    String written = file == null ? text : firstLine();
    return written == null ? null : parse(written.trim());
  }

  static InetSocketAddress parse(String written) {
    int colon = written.lastIndexOf(':');
    String host = colon < 0 ? "" : written.substring(0, colon).replace("[", "").replace("]", "");
    int port;
    try {
      port = Integer.parseInt(written.substring(colon + 1));
    } catch (NumberFormatException notPort) {
      return null;
    }
    if (port < 1 || port > 65535) {
      return null;
    }
    // Without asking a resolver, which may take its time.
    return host.isEmpty() || host.equals("localhost")
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
        : new InetSocketAddress(host, port);
  }

  private String firstLine() {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(new FileInputStream(file), StandardCharsets.UTF_8))) {
      return reader.readLine();
    } catch (IOException notThere) {
      return null;
    }
  }

  @Override
  public String toString() {
    return file == null ? text : file;
  }
}
