package io.tidegate.core.exchange;

import io.tidegate.core.connect.UpstreamConnection;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.ExchangeFilter;
import io.tidegate.core.spi.OwnResponse;
import java.util.List;

/** What the filters of the application make of a request and of its response. */
final class Filtering {
  private final ProxyExchange exchange;
  private final List<ExchangeFilter> filters;

  Filtering(ProxyExchange exchange) {
    this.exchange = exchange;
    this.filters = exchange.snapshot().plugins().filters();
  }

  /** Goes on with what the filters leave of a request, unless they answer it. */
  void request(ClientRequest request, Question.Next<ClientRequest> then)
      throws BadMessageException {
    request(request, 0, then);
  }

  private void request(ClientRequest request, int next, Question.Next<ClientRequest> then)
      throws BadMessageException {
    if (next == filters.size()) {
      then.take(request);
      return;
    }
    new Question<ExchangeFilter.Verdict>(
            exchange,
            verdict -> {
              if (verdict instanceof OwnResponse own) {
                exchange.respondOurselves(own);
              } else {
                request(request.with(fields(verdict)), next + 1, then);
              }
            })
        .ask(completion -> filters.get(next).request(request, completion));
  }

  /**
   * Goes on with what the filters leave of a response, unless they answer in its place; until they
   * have decided, no more of it is read.
   */
  void response(ResponseHead head, UpstreamConnection connection, Question.Next<ResponseHead> then)
      throws BadMessageException {
    connection.hold();
    response(head, connection, 0, then);
  }

  private void response(
      ResponseHead head, UpstreamConnection connection, int next, Question.Next<ResponseHead> then)
      throws BadMessageException {
    if (next == filters.size()) {
      exchange.watchdog().requestSent();
      connection.release(() -> exchange.orFail(() -> then.take(head)));
      return;
    }
    Destination from = connection.destination();
    new Question<ExchangeFilter.Verdict>(
            exchange,
            verdict -> {
              if (verdict instanceof OwnResponse own) {
                exchange.replace(own);
              } else {
                response(with(head, fields(verdict)), connection, next + 1, then);
              }
            })
        .ask(done -> filters.get(next).response(exchange.request(), from, head, done));
  }

  private static Fields fields(ExchangeFilter.Verdict verdict) {
    return ((ExchangeFilter.Pass) verdict).fields();
  }

  private static ResponseHead with(ResponseHead head, Fields fields) {
    return new ResponseHead(head.version(), head.status(), head.reason(), fields);
  }
}
