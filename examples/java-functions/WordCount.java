import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the words of a title, then those of two lines, each line in a thread of its own, into one table. The table is made
 * for threads: reading a count is safe, and so is writing one. The two together are not.
 */
public class WordCount {
  private final Map<String, Integer> counts = new ConcurrentHashMap<String, Integer>();

  int read(String word) {
    return counts.getOrDefault(word, 0);
  }

  void write(String word, int count) {
    counts.put(word, count);
  }

  Thread counter(String line) {
    String[] words = line.split(" ");
    return new Thread(
        () -> {
          for (String word : words) {
            write(word, read(word) + 1);
          }
        });
  }

  public static void main(String[] none) throws Exception {
    WordCount table = new WordCount();
    table.counter("the fox and the dog").run();
    Thread[] lines = {table.counter("over the lazy dog"), table.counter("jumps the quick fox")};
    for (Thread line : lines) {
      line.start();
    }
    for (Thread line : lines) {
      line.join();
    }
    int the = table.read("the");
    if (the != 4) {
      throw new IllegalStateException("\"the\" was counted " + the + " times, not 4");
    }
    System.out.println("ok");
  }
}
