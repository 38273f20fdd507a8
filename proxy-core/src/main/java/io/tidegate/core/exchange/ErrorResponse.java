package io.tidegate.core.exchange;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.ReasonPhrase;
import io.tidegate.core.spi.Failure;
import io.tidegate.core.spi.OwnResponse;
import java.nio.charset.StandardCharsets;

/**
 * The response that tells a client of a failure: a status, Proxy-Status (RFC 9209), one line of
 * plain text.
 */
final class ErrorResponse {
  private static final FieldName ALLOW = FieldName.of("Allow");

  private ErrorResponse() {}

  static OwnResponse of(Failure failure, String proxyName) {
    int status = failure.status();
    String text = status + " " + ReasonPhrase.of(status) + ": " + failure.detail() + "\n";
    FieldEdits fields = new FieldEdits(failure.fields());
    fields.add(FieldName.CONTENT_TYPE, "text/plain");
    fields.set(FieldName.CACHE_CONTROL, "no-store");
    fields.add(FieldName.PROXY_STATUS, proxyName + "; error=" + failure.error().token());
    if (status == 405 && !fields.contains(ALLOW)) {
      fields.add(ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    return new OwnResponse(status, fields.toFields(), text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
