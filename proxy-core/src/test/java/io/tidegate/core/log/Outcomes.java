package io.tidegate.core.log;

import io.tidegate.core.http.Authority;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.ClientSide;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Destinations;
import io.tidegate.core.spi.ExchangeListener.Outcome;
import io.tidegate.core.spi.ExchangeListener.Times;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Identity;
import io.tidegate.core.spi.Route;
import io.tidegate.core.spi.Stage;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Exchanges that have ended. */
public final class Outcomes {
  static final Times TIMES = new Times(500_000, 1_000, 250_500, 12_345_678, 2_000_000, 15_098_700);
  static final Times NO_TIMES = new Times(0, -1, -1, -1, -1, 42_000);

  private static final InetSocketAddress CLIENT = new InetSocketAddress("203.0.113.77", 50123);
  private static final InetSocketAddress PEER = new InetSocketAddress("10.0.0.9", 40000);
  private static final InetSocketAddress LOCAL = new InetSocketAddress("192.0.2.1", 8080);

  private static final Route ROUTE =
      new Route() {
        @Override
        public String name() {
          return "/shop/**";
        }

        @Override
        public String clusterName() {
          return "shop";
        }

        @Override
        public Destinations destinations(ClientRequest request) {
          throw new UnsupportedOperationException();
        }

        @Override
        public HeaderPolicy headers() {
          throw new UnsupportedOperationException();
        }
      };

  private Outcomes() {}

  static ClientSide side(InetSocketAddress client) {
    return new ClientSide(
        client,
        PEER,
        LOCAL,
        new ClientSide.TlsSession("TLSv1.3", "TLS_AES_128_GCM_SHA256", "shop.example"));
  }

  static ClientRequest request(String method, String target, Fields fields) {
    try {
      return new ClientRequest(
          new RequestHead(method, target, HttpVersion.HTTP_1_1, fields),
          RequestTarget.parse(method, target),
          "https",
          new Authority("shop.example", 443),
          true,
          CLIENT,
          LOCAL);
    } catch (BadMessageException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A response from a cluster, to a user. */
  static Outcome served(String target, Fields fields) {
    ClientRequest request = request("GET", target, fields).from(Identity.of("alice"));
    return of(request, 200, null, Stage.RESPOND, TIMES, CLIENT);
  }

  public static Outcome served(String target, String... fields) {
    return served(target, Fields.of(fields));
  }

  /** Something that was no request. */
  static Outcome malformed() {
    Failure failure = Failure.badRequest(400, "invalid method");
    return of(null, 400, failure, Stage.VALIDATE, NO_TIMES, CLIENT);
  }

  static Outcome from(String address) {
    ClientRequest request = request("GET", "/", Fields.empty());
    return of(request, 200, null, Stage.RESPOND, TIMES, new InetSocketAddress(address, 50123));
  }

  static Outcome of(@Nullable ClientRequest request, int status, @Nullable Failure failure) {
    return of(request, status, failure, Stage.RESPOND, NO_TIMES, CLIENT);
  }

  static Outcome of(
      @Nullable ClientRequest request,
      int status,
      @Nullable Failure failure,
      Stage stage,
      Times times,
      InetSocketAddress client) {
    boolean sent = times != NO_TIMES;
    return new Outcome(
        request,
        sent ? ROUTE : null,
        sent ? new Destination(false, "10.0.0.1", 9000, null) : null,
        sent ? 1 : 0,
        status,
        sent ? "uri-miss" : null,
        failure,
        stage,
        7,
        1234,
        times,
        side(client),
        3,
        sent,
        sent ? Fields.of("Content-Type", "text/html") : Fields.empty(),
        null);
  }

  /** A copy for somebody whom no client waits for. */
  static Outcome own() {
    Outcome of = served("/");
    return new Outcome(
        of.request(),
        of.route(),
        of.destination(),
        of.attempts(),
        of.status(),
        of.cache(),
        of.failure(),
        of.stage(),
        of.requestOctets(),
        of.responseOctets(),
        of.times(),
        null,
        0,
        false,
        Fields.empty(),
        null);
  }
}
