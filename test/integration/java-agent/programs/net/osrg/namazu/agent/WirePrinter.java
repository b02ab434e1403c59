package net.osrg.namazu.agent;

import java.util.LinkedHashMap;
import java.util.Map;

/** Prints the frames that the agent would send, as hexadecimal digits; in the agent's package, to reach its encoder. */
public class WirePrinter {
  public static void main(String[] none) {
    Requests requests = new Requests("entité \ud83d\ude00", -5);
    print(requests.initiation());
    print(requests.exit(Integer.MAX_VALUE));
    Map<String, String> parameters = new LinkedHashMap<String, String>();
    parameters.put("a", "");
    parameters.put("größe", new String(new char[300]).replace('\0', 'x'));
    StackTraceElement[] stack = {
      new StackTraceElement("com.example.Foo", "bar", "Foo.java", 12),
      new StackTraceElement("com.example.Foo", "<init>", null, -2),
    };
    print(requests.function(300, true, "Foo#bar", new JavaFields("main", stack, parameters)));
    print(requests.function(1, false, "", new JavaFields("", new StackTraceElement[0], new LinkedHashMap<String, String>())));
  }

  private static void print(byte[] frame) {
    StringBuilder digits = new StringBuilder();
    for (byte each : frame) {
      digits.append(String.format("%02x", each & 0xff));
    }
    System.out.println(digits);
  }
}
