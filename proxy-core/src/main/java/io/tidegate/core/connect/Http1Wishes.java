package io.tidegate.core.connect;

import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.UpstreamHttp;
import java.util.LinkedHashMap;

/**
 * The destinations that have chosen HTTP/2 and then asked for HTTP/1.1 all the same (RFC 9113 §7).
 * They are spoken to in it for a while: asked again at once, they would refuse again.
 */
final class Http1Wishes {
  /** For how long a wish counts. */
  static final long MILLIS = 300_000;

  /** How many are remembered. */
  static final int MOST = 1024;

  /** Until when, in the order in which they end. */
  private final LinkedHashMap<Destination, Long> until = new LinkedHashMap<>();

  void add(Destination destination, long now) {
    until.remove(destination);
    until.put(destination, now + MILLIS);
    if (until.size() > MOST) {
      until.remove(until.keySet().iterator().next());
    }
  }

  /** {@code destination} as it is to be spoken to now. */
  Destination heeded(Destination destination, long now) {
    Long end = until.isEmpty() ? null : until.get(destination);
    if (end == null) {
      return destination;
    }
    if (now >= end) {
      until.remove(destination);
      return destination;
    }
    return destination.speaking(UpstreamHttp.HTTP_1_1);
  }
}
