package io.tidegate.core.exchange;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.spi.Authorization;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Completion;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.OwnResponse;

/** Asks the server that decides for a route whether a request may pass. */
final class AuthorizationRequest implements Completion<OwnResponse> {
  private final ProxyExchange exchange;
  private final Authorization authorization;
  private final ClientRequest request;

  private boolean answered;

  AuthorizationRequest(ProxyExchange exchange, Authorization authorization, ClientRequest request) {
    this.exchange = exchange;
    this.authorization = authorization;
    this.request = request;
  }

  /** Asks, and tells {@link ProxyExchange#authorized} or {@link ProxyExchange#notAuthorized}. */
  void start() {
    Authorization.Question question = authorization.question(request);
    ClientRequest own = request.with(question.head(), question.target());
    Answer answer = new Answer(exchange.client(), this);
    ProxyExchange asked = exchange.beside(answer);
    asked.start(own, authorization.route(), null);
    if (!answered) {
      exchange.postpone(asked::clientGone);
    }
  }

  @Override
  public void completed(OwnResponse answer) {
    answered = true;
    if (answer.status() / 100 == 2) {
      exchange.authorized(granted(answer));
    } else {
      exchange.notAuthorized(answer);
    }
  }

  @Override
  public void failed(Failure failure) {
    answered = true;
    exchange.fail(failure);
  }

  /**
   * The request as it goes on: what it says about who it comes from is what the server has said.
   */
  private ClientRequest granted(OwnResponse answer) {
    FieldEdits fields = new FieldEdits(request.head().fields());
    for (FieldName name : authorization.granted()) {
      fields.remove(name);
      answer.fields().all(name).forEach(value -> fields.add(name, value));
    }
    return request.with(fields.toFields());
  }
}
