package io.tidegate.core.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.tidegate.core.spi.ExchangeListener.Outcome;

/** The requests and tunnels of clients on one route. */
final class RouteMeters {
  private final OwnMeters meters;
  private final String route;
  private final Table<Requests> byMethod = new Table<>(Words.METHOD_COUNT, Requests::new);
  private final Table<Tunnels> tunnels = new Table<>(1, ignored -> new Tunnels());

  RouteMeters(OwnMeters meters, String name) {
    this.meters = meters;
    this.route = name.isEmpty() ? Words.NONE : name;
  }

  void request(Outcome outcome) {
    String method = outcome.request() == null ? "" : outcome.request().head().method();
    byMethod.get(Words.method(method)).record(outcome);
  }

  void tunnel(Outcome outcome) {
    tunnels.get(0).record(outcome);
  }

  /** The route is gone. */
  void remove() {
    byMethod.forEach(Requests::remove);
    tunnels.forEach(Tunnels::remove);
  }

  /** The requests with one method. */
  private final class Requests {
    private final String method;
    private final Table<Table<Timer>> byError;
    private final DistributionSummary received;
    private final DistributionSummary sent;

    Requests(int index) {
      this.method = Words.method(index);
      this.byError =
          new Table<>(
              Words.ERROR_COUNT,
              error ->
                  new Table<>(
                      Words.CLASS_COUNT * Words.CACHE_COUNT, ending -> timer(error, ending)));
      String[] tags = {Names.METHOD, method, Names.ROUTE, route};
      this.received = meters.octets(Names.REQUEST_SIZE, "Content received from clients", tags);
      this.sent = meters.octets(Names.RESPONSE_SIZE, "Content sent to clients", tags);
    }

    private Timer timer(int error, int ending) {
      return meters.timer(
          Names.REQUEST_DURATION,
          "Requests of clients, from the head to the end of the response",
          Names.METHOD,
          method,
          Names.ROUTE,
          route,
          Names.STATUS_CLASS,
          Words.classWord(ending / Words.CACHE_COUNT),
          Names.CACHE,
          Words.cache(ending % Words.CACHE_COUNT),
          Names.ERROR,
          Words.error(error));
    }

    void record(Outcome outcome) {
      int ending =
          Words.statusClass(outcome.status()) * Words.CACHE_COUNT + Words.cache(outcome.cache());
      Names.record(byError.get(Words.error(outcome.failure())).get(ending), outcome.nanos());
      received.record((double) outcome.requestOctets());
      sent.record((double) outcome.responseOctets());
    }

    void remove() {
      byError.forEach(byEnding -> byEnding.forEach(meters::remove));
      meters.remove(received);
      meters.remove(sent);
    }
  }

  /** What has become a tunnel: it lasts as long as it likes, and is no measure of requests. */
  private final class Tunnels {
    private final Table<Timer> byError =
        new Table<>(
            Words.ERROR_COUNT,
            error ->
                meters.timer(
                    Names.TUNNEL_DURATION,
                    "Tunnels, from the head of the request to their end",
                    Names.ROUTE,
                    route,
                    Names.ERROR,
                    Words.error(error)));
    private final DistributionSummary received =
        meters.octets(Names.TUNNEL_RECEIVED, "Octets from clients in tunnels", Names.ROUTE, route);
    private final DistributionSummary sent =
        meters.octets(Names.TUNNEL_SENT, "Octets to clients in tunnels", Names.ROUTE, route);

    void record(Outcome outcome) {
      Names.record(byError.get(Words.error(outcome.failure())), outcome.nanos());
      received.record((double) outcome.requestOctets());
      sent.record((double) outcome.responseOctets());
    }

    void remove() {
      byError.forEach(meters::remove);
      meters.remove(received);
      meters.remove(sent);
    }
  }
}
