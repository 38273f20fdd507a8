package io.tidegate.core.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.UpstreamHttp;
import org.junit.jupiter.api.Test;

class Http1WishesTest {
  private static final long NOW = 1000;

  private final Http1Wishes wishes = new Http1Wishes();

  private static Destination destination(int port) {
    return new Destination(true, "a.example", port, null).speaking(UpstreamHttp.NEGOTIATED);
  }

  @Test
  void aDestinationWithoutAWishIsAsItIs() {
    wishes.add(destination(1), NOW);
    assertSame(UpstreamHttp.NEGOTIATED, wishes.heeded(destination(2), NOW).http());
  }

  @Test
  void aWishCountsForFiveMinutes() {
    wishes.add(destination(1), NOW);
    assertEquals(UpstreamHttp.HTTP_1_1, wishes.heeded(destination(1), NOW + 299_999).http());
    assertEquals(UpstreamHttp.NEGOTIATED, wishes.heeded(destination(1), NOW + 300_000).http());
  }

  @Test
  void theOldestOfTooManyIsForgotten() {
    for (int port = 1; port <= 1025; port++) {
      wishes.add(destination(port), NOW);
    }
    assertEquals(UpstreamHttp.NEGOTIATED, wishes.heeded(destination(1), NOW).http());
    assertEquals(UpstreamHttp.HTTP_1_1, wishes.heeded(destination(2), NOW).http());
  }
}
