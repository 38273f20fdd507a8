package io.tidegate.core.log;

import io.tidegate.core.cache.CacheStatus;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.Path;
import io.tidegate.core.spi.ProxyError;
import io.tidegate.core.spi.Stage;

/**
 * Lines in the native format of Squid: time, milliseconds, client, result and status, octets,
 * method, URI, user, hierarchy and server, media type. Octets are those of content.
 */
final class SquidFormat implements LineFormat {
  private static final int ABORTED = 499;

  private final Value client;
  private final Value method;
  private final Value target;
  private final Value scheme;
  private final Value host;
  private final Value user;
  private final Value type;

  SquidFormat(Values values) {
    this.client = values.get("client");
    this.method = values.get("method");
    this.target = values.get("target");
    this.scheme = values.get("scheme");
    this.host = values.get("host");
    this.user = values.get("user");
    this.type = values.get("response-field:Content-Type");
  }

  @Override
  public void write(Outcome outcome, Line line) {
    line.time().epoch(line);
    elapsed(outcome.times().total() / 1_000_000, line);
    or(client, outcome, line.octet(' '));
    result(outcome, line.octet(' '));
    line.octet(' ').number(outcome.responseOctets());
    or(method, outcome, line.octet(' '));
    uri(outcome, line.octet(' '));
    or(user, outcome, line.octet(' '));
    hierarchy(outcome, line.octet(' '));
    or(type, outcome, line.octet(' '));
  }

  private static void or(Value value, Outcome outcome, Line line) {
    if (!value.write(outcome, line)) {
      line.octet('-');
    }
  }

  /** In a column of six digits. */
  private static void elapsed(long millis, Line line) {
    line.octet(' ');
    for (long least = 100_000; least >= 10; least /= 10) {
      if (millis < least) {
        line.octet(' ');
      }
    }
    line.number(millis);
  }

  /** The URI, even if the client has named only its path. */
  private void uri(Outcome outcome, Line line) {
    if (outcome.request() != null && outcome.request().head().target().startsWith("/")) {
      scheme.write(outcome, line);
      line.raw("://");
      host.write(outcome, line);
    }
    or(target, outcome, line);
  }

  private static void result(Outcome outcome, Line line) {
    Failure failure = outcome.failure();
    boolean gone = failure != null && failure.status() == ABORTED;
    line.raw(word(outcome)).raw(gone ? "_ABORTED/" : "/");
    line.padded(gone ? outcome.status() : NumberValue.status(outcome), 3);
  }

  private static String word(Outcome outcome) {
    Failure failure = outcome.failure();
    if (outcome.request() == null) {
      return "NONE";
    }
    if (failure != null && failure.error() == ProxyError.HTTP_REQUEST_DENIED) {
      return "TCP_DENIED";
    }
    if (outcome.stage() == Stage.TUNNEL) {
      return "TCP_TUNNEL";
    }
    String cache = outcome.cache();
    if (CacheStatus.HIT.equals(cache)) {
      return "TCP_HIT";
    }
    return CacheStatus.Forward.STALE.token().equals(cache) ? "TCP_REFRESH" : "TCP_MISS";
  }

  private static void hierarchy(Outcome outcome, Line line) {
    Destination destination = outcome.destination();
    if (destination == null) {
      line.raw("HIER_NONE/-");
      return;
    }
    line.raw(destination.path().way() == Path.Way.DIRECT ? "HIER_DIRECT/" : "FIRSTUP_PARENT/");
    line.text(destination.host());
  }

  @Override
  public Escape escape() {
    return Escape.PERCENT;
  }
}
