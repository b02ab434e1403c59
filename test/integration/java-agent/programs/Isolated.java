import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;

/** Runs a class whose loader sees neither this program nor the system's class path. */
public class Isolated {
  public static void main(String[] folders) throws Exception {
    URL[] urls = {new File(folders[0]).toURI().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, null)) {
      Class<?> threads = loader.loadClass("Threads");
      if (threads == Threads.class) {
        throw new IllegalStateException("not isolated");
      }
      threads.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }
  }
}
