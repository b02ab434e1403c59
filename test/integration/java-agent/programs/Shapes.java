/** What can be named: overloads, a constructor, an inner class, an interface, a lambda, a static initialiser. */
public class Shapes {
  interface Shape {
    int area(int side);
  }

  static class Square implements Shape, Comparable<Square> {
    Square() {}

    public int area(int side) {
      return side * side;
    }

    public int compareTo(Square other) {
      return 0;
    }
  }

  static class Eager {
    static final int VALUE = overloaded(1);

    static int touch() {
      return VALUE;
    }
  }

  static int overloaded(int number) {
    return number;
  }

  static int overloaded(String text, long[] numbers) {
    return numbers.length;
  }

  static void fails() {
    throw new IllegalStateException();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  public static void main(String[] names) throws Exception {
    overloaded("text", new long[2]);
    Shape shape = new Square();
    shape.area(2);
    ((Comparable) shape).compareTo(shape);
    Runnable lambda = () -> System.out.println("in the lambda");
    lambda.run();
    Thread[] threads = new Thread[2];
    for (int index = 0; index < threads.length; index++) {
      threads[index] = new Thread(() -> Eager.touch());
      threads[index].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    try {
      fails();
    } catch (IllegalStateException expected) {
      System.out.println("failed as it should");
    }
  }
}
