package io.tidegate.core;

import static io.tidegate.core.testkit.Messages.get;
import static io.tidegate.core.testkit.Messages.head;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.Direction;
import io.tidegate.core.spi.ExchangeListener;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.testkit.OriginServer;
import io.tidegate.core.testkit.Peer;
import io.tidegate.core.testkit.RawClient;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What destinations are told of how attempts have ended. */
class DestinationsToldTest {
  private final BlockingQueue<Optional<Failure>> told = new LinkedBlockingQueue<>();
  private final CountDownLatch left = new CountDownLatch(1);
  private OriginServer origin;

  @BeforeEach
  void listen() throws Exception {
    origin = OriginServer.start();
  }

  @AfterEach
  void close() throws Exception {
    origin.close();
  }

  private final class ToOrigin extends OneRoute {
    ToOrigin() {
      super(Direction.REVERSE);
    }

    @Override
    public Destinations destinations(ClientRequest request) {
      return new Destinations() {
        @Override
        public Destination next() {
          return new Destination(false, "127.0.0.1", origin.port(), null);
        }

        @Override
        public void finished(Destination destination, @Nullable Failure failure) {
          told.add(Optional.ofNullable(failure));
        }
      };
    }
  }

  /** Its content is longer than what is stored. */
  @Test
  void thatNobodyReadsAResponseAnyMoreIsNoFailure() throws Exception {
    ExchangeListener leaving =
        new ExchangeListener() {
          @Override
          public void completed(Outcome outcome) {
            left.countDown();
          }
        };
    String some = "1388\r\n" + "x".repeat(0x1388) + "\r\n";
    origin.onRequest(
        c -> {
          c.send(
              head("HTTP/1.1 200 OK", "Cache-Control: max-age=60", "Transfer-Encoding: chunked"));
          c.send(some);
          left.await();
          c.sendUntilClosed(some.getBytes(ISO_8859_1));
        });
    try (Proxy proxy =
        new ToOrigin().listen(0).listener(leaving).cache(c -> c.maxResponseBytes(1000)).start()) {
      RawClient client = RawClient.connect(proxy.address().getPort());
      client.send(get("/", "a"));
      client.readHead();
      client.reset();
      assertEquals(Optional.empty(), told.poll(Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }
  }
}
