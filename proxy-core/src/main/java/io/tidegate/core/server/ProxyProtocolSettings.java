package io.tidegate.core.server;

import io.tidegate.core.header.AddressRange;
import io.tidegate.core.spi.Checks;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whose word a listener takes for who a client is: the PROXY protocol, version 1 or 2.
 *
 * @param from the senders that are believed; their connections begin with a header
 * @param optional whether they may leave it out
 * @param servesOthers whether others are served, as they are; without it their connections are
 *     closed
 * @param timeout how long a header may take
 */
public record ProxyProtocolSettings(
    List<AddressRange> from, boolean optional, boolean servesOthers, Duration timeout) {
  /** What a listener that names no senders would have. */
  public static final ProxyProtocolSettings DEFAULT =
      new ProxyProtocolSettings(List.of(), false, false, Duration.ofSeconds(5));

  /** Copies the list; rejects what cannot work. */
  public ProxyProtocolSettings {
    from = List.copyOf(from);
    new Checks().duration("timeout", timeout).done();
  }

  /** Whether {@code peer} may say who its clients are. */
  boolean believes(InetAddress peer) {
    for (AddressRange range : from) {
      if (range.contains(peer)) {
        return true;
      }
    }
    return false;
  }
}
