import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;

/** Runs one method of a JUnit 4 class: RunTest CLASS METHOD. */
public class RunTest {
  public static void main(String[] args) throws Exception {
    Result result = new JUnitCore().run(Request.method(Class.forName(args[0]), args[1]));
    result.getFailures().forEach(failure -> System.err.println(failure.getTrace()));
    System.out.println(result.wasSuccessful() ? "ok" : "FAILED");
    System.exit(result.wasSuccessful() ? 0 : 1);
  }
}
