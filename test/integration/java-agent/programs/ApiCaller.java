import java.util.Collections;
import net.osrg.namazu.Nmz;

/** Reports functions by itself, through the public API. */
public class ApiCaller {
  public static void main(String[] names) {
    Nmz.functionCall("api", Collections.singletonMap("size", 3));
    Nmz.functionReturn("api");
    System.out.println("called");
  }
}
