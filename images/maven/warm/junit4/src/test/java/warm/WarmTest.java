package warm;

import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class WarmTest {
  @Test
  public void passes() {
    assertTrue(true);
  }
}
