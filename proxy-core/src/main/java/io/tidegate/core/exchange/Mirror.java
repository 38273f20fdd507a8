package io.tidegate.core.exchange;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Mirroring;
import io.tidegate.core.spi.Route;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a request for servers whose responses nobody waits for. It is sent when all of the
 * request is here; a request whose content is too long is not copied.
 */
final class Mirror {
  private final ProxyExchange exchange;
  private final ClientExchange client;
  private final ClientRequest request;
  private final Framing framing;
  private final Route route;
  private final int maxContent;
  private @Nullable CollectedContent content = new CollectedContent();

  private Mirror(ProxyExchange exchange, Framing framing, Mirroring mirroring) {
    this.exchange = exchange;
    this.client = exchange.client();
    this.request = exchange.request();
    this.framing = framing;
    this.route = mirroring.route();
    this.maxContent = mirroring.maxContent();
  }

  /** A copy of the request that is being sent for the first time; null if there is to be none. */
  static @Nullable Mirror of(ProxyExchange exchange, Framing framing) {
    Mirroring mirroring = exchange.route().mirroring();
    return mirroring == null
            || exchange.attempts().count() > 1
            || exchange.isUpgrade()
            || !exchange.pipeline().hasRoom()
            || !mirroring.takes(exchange.request())
        ? null
        : new Mirror(exchange, framing, mirroring);
  }

  /** What comes now begins with the first octet again. */
  void restart() {
    content = new CollectedContent();
  }

  /** Copies {@code data}, without taking it. */
  void content(ByteBuffer data) {
    if (content != null && content.length() + data.remaining() > maxContent) {
      content = null;
    }
    if (content != null) {
      content.add(data.duplicate());
    }
  }

  /** All of the request is here: the copy is sent. */
  void end(Fields trailers) {
    if (content != null) {
      content.end(trailers);
      ProxyExchange copy = exchange.beside(new NoClient(client));
      copy.repeat(framing, content);
      copy.start(request, route, null);
    }
  }
}
