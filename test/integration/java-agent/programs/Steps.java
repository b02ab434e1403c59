import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;

/** Does a step for each line that it reads. */
public class Steps {
  static String step(String name) {
    return "did " + name;
  }

  static String step(String name, int times) {
    return "did " + name + " " + times + " times";
  }

  static Map<String, Object> arguments(String name) {
    Map<String, Object> arguments = new HashMap<String, Object>();
    arguments.put("name", name);
    arguments.put("none", null);
    arguments.put("rude", new Rude());
    return arguments;
  }

  /** Its toString is instrumented, and throws. */
  static class Rude {
    @Override
    public String toString() {
      Steps.step("within");
      throw new IllegalStateException("no");
    }
  }

  static class Outer {
    String step(String name) {
      return Steps.step(name);
    }
  }

  public static void main(String[] names) throws Exception {
    BufferedReader reader = new BufferedReader(new InputStreamReader(System.in));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith("outer ")) {
        System.out.println(new Outer().step(line));
      } else if (line.startsWith("twice ")) {
        System.out.println(step(line, 2));
      } else if (line.startsWith("interrupted ")) {
        Thread.currentThread().interrupt();
        String done = step(line);
        System.out.println(done + ", interrupted: " + Thread.interrupted());
      } else {
        System.out.println(step(line));
      }
    }
    System.out.println("the end");
  }
}
