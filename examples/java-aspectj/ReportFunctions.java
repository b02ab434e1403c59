import java.util.LinkedHashMap;
import java.util.Map;
import net.osrg.namazu.Nmz;
import org.aspectj.lang.JoinPoint;
import org.aspectj.lang.annotation.AfterReturning;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;

/** Has WordCount's reads and writes wait for the orchestrator. */
@Aspect
public class ReportFunctions {
  @Before("execution(* WordCount.write(..))")
  public void call(JoinPoint point) {
    Map<String, Object> arguments = new LinkedHashMap<String, Object>();
    for (Object argument : point.getArgs()) {
      arguments.put("argument" + arguments.size(), argument);
    }
    Nmz.functionCall(point.getSignature().toShortString(), arguments);
  }

  @AfterReturning("execution(* WordCount.read(..))")
  public void returned(JoinPoint point) {
    Nmz.functionReturn(point.getSignature().toShortString());
  }
}
