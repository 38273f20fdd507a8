package io.tidegate.core.log;

import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Failure;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an exchange knows as a number. */
enum NumberValue implements Value {
  CLIENT_PORT("client.port"),
  PEER_PORT("peer.port"),
  CONNECTION_REQUEST("connection.request"),
  STATUS("status"),
  BYTES_RECEIVED("bytes.received"),
  BYTES("bytes"),
  ATTEMPTS("attempts"),
  UPSTREAM_REUSED("upstream.reused");

  private static final long NONE = -1;

  /** What it is called in settings. */
  final String id;

  NumberValue(String id) {
    this.id = id;
  }

  /** The number; negative if there is no such thing. */
  long of(Outcome outcome) {
    return switch (this) {
      case CLIENT_PORT -> port(outcome.client(), ClientSide::address);
      case PEER_PORT -> port(outcome.client(), ClientSide::peer);
      case CONNECTION_REQUEST -> positive(outcome.requestNumber());
      case STATUS -> positive(status(outcome));
      case BYTES_RECEIVED -> outcome.requestOctets();
      case BYTES -> outcome.responseOctets();
      case ATTEMPTS -> outcome.attempts();
      case UPSTREAM_REUSED -> outcome.connectionReused() ? 1 : 0;
    };
  }

  private static long port(
      @Nullable ClientSide client, Function<ClientSide, InetSocketAddress> of) {
    return client == null ? NONE : of.apply(client).getPort();
  }

  private static long positive(long number) {
    return number > 0 ? number : NONE;
  }

  /** What the client has got, or would have got if it had waited. */
  static int status(Outcome outcome) {
    Failure failure = outcome.failure();
    return outcome.status() == 0 && failure != null ? failure.status() : outcome.status();
  }

  @Override
  public boolean write(Outcome outcome, Line line) {
    long number = of(outcome);
    if (number < 0) {
      return false;
    }
    line.number(number);
    return true;
  }

  @Override
  public boolean isNumber() {
    return true;
  }
}
