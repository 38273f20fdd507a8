package io.tidegate.reverse.protect;

import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Failure;
import org.jspecify.annotations.Nullable;

/** Refuses requests with parts that are longer than any that the application expects. */
final class SizeLimits implements RequestFilter {
  private static final Failure PATH = Refusals.denied(414, "the path is too long");
  private static final Failure QUERY = Refusals.denied(414, "the query is too long");
  private static final Failure PARAMETERS = Refusals.badRequest("too many query parameters");
  private static final Failure FIELD = Refusals.denied(431, "a field is too long");
  private static final Failure COOKIES = Refusals.denied(431, "the cookies are too long");

  private final FilterSettings most;

  SizeLimits(FilterSettings most) {
    this.most = most;
  }

  @Override
  public @Nullable Failure refuses(ClientRequest request) {
    String target = request.pathAndQuery();
    int query = target.indexOf('?');
    int path = query < 0 ? target.length() : query;
    if (path > most.maxPathBytes()) {
      return PATH;
    }
    if (query >= 0) {
      if (target.length() - query - 1 > most.maxQueryBytes()) {
        return QUERY;
      }
      if (hasMoreParameters(target, query + 1)) {
        return PARAMETERS;
      }
    }
    return refusesFields(request.head().fields());
  }

  private boolean hasMoreParameters(String target, int from) {
    if (most.maxQueryParameters() == FilterSettings.ANY || from == target.length()) {
      return false;
    }
    int parameters = 1;
    for (int i = target.indexOf('&', from); i >= 0; i = target.indexOf('&', i + 1)) {
      parameters++;
    }
    return parameters > most.maxQueryParameters();
  }

  private @Nullable Failure refusesFields(Fields fields) {
    int cookies = 0;
    for (int i = 0; i < fields.size(); i++) {
      int length = fields.lineLength(i);
      if (fields.is(i, FieldName.COOKIE)) {
        cookies += length;
      } else if (length > most.maxFieldBytes()) {
        return FIELD;
      }
    }
    return cookies > most.maxCookieBytes() ? COOKIES : null;
  }
}
