package io.tidegate.reverse.traffic;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.http.RequestTarget;
import io.tidegate.core.spi.Authorization;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.HeaderPolicy;
import io.tidegate.core.spi.Route;
import io.tidegate.reverse.route.RequestPath;
import java.util.List;
import java.util.stream.Stream;

/**
 * Asks with a GET that has the fields of the client's request, X-Forwarded-Method and
 * X-Forwarded-Uri, and neither content nor conditions.
 */
public final class AuthorizationQuestions implements Authorization {
  /** What is about content that is not sent, or would make the answer another one. */
  private static final List<FieldName> LEFT_OUT =
      Stream.of(
              "Content-Length",
              "Content-Type",
              "Content-Encoding",
              "Content-Language",
              "Content-Location",
              "Content-Range",
              "Transfer-Encoding",
              "Trailer",
              "Expect",
              "Range",
              "If-Range",
              "If-Match",
              "If-None-Match",
              "If-Modified-Since",
              "If-Unmodified-Since")
          .map(FieldName::of)
          .toList();

  private final Route route;
  private final String path;
  private final List<FieldName> granted;

  /** How {@code others}, which rewrite requests to the server that is asked, treat questions. */
  public static HeaderPolicy headers(HeaderPolicy others) {
    return new QuestionHeaders(others);
  }

  /** Asks over {@code route}, whose fields are rewritten by {@link #headers}. */
  public AuthorizationQuestions(AuthorizationSettings settings, Route route) {
    this.route = route;
    this.path = settings.path();
    this.granted = settings.granted().stream().map(FieldName::of).toList();
  }

  @Override
  public Route route() {
    return route;
  }

  @Override
  public Question question(ClientRequest request) {
    RequestHead head = request.head();
    FieldEdits fields = new FieldEdits(head.fields());
    LEFT_OUT.forEach(fields::remove);
    fields.set(QuestionHeaders.METHOD, head.method());
    // What the upstream will get: not a spelling that only looks as if it led elsewhere.
    fields.set(QuestionHeaders.URI, RequestPath.forwarded(request.pathAndQuery()));
    return new Question(
        new RequestHead("GET", path, head.version(), fields.toFields()),
        new RequestTarget.OriginForm(path));
  }

  @Override
  public List<FieldName> granted() {
    return granted;
  }
}
