import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Eight threads that call the same function a hundred times each. */
public class Threads {
  static final AtomicInteger DONE = new AtomicInteger();

  static void work() {
    DONE.incrementAndGet();
  }

  public static void main(String[] names) throws Exception {
    final CountDownLatch latch = new CountDownLatch(8);
    for (int index = 0; index < 8; index++) {
      new Thread("worker-" + index) {
        @Override
        public void run() {
          for (int turn = 0; turn < 100; turn++) {
            work();
          }
          latch.countDown();
        }
      }.start();
    }
    latch.await();
    System.out.println("did " + DONE.get());
  }
}
