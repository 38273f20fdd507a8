package io.tidegate.core.exchange;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.spi.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The response that tells a client of a failure: a status, Proxy-Status (RFC 9209), one line of
 * plain text.
 */
final class ErrorResponse {
  private static final FieldName CACHE_CONTROL = FieldName.of("Cache-Control");
  private static final FieldName ALLOW = FieldName.of("Allow");

  private ErrorResponse() {}

  static void send(ClientExchange client, Failure failure, String proxyName, String method) {
    String reason = StatusText.of(failure.status());
    byte[] text =
        (failure.status() + " " + reason + ": " + failure.detail() + "\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    FieldEdits fields = new FieldEdits(Fields.empty());
    fields.add(FieldName.DATE, client.loop().date());
    fields.add(FieldName.CONTENT_TYPE, "text/plain");
    fields.add(CACHE_CONTROL, "no-store");
    fields.add(FieldName.PROXY_STATUS, proxyName + "; error=" + failure.error().token());
    if (failure.status() == 405) {
      fields.add(ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    BodySink sink = client.respond(failure.status(), reason, fields, Framing.fixed(text.length));
    if (!method.equals("HEAD")) {
      sink.write(ByteBuffer.wrap(text));
    }
    sink.end(null);
  }
}
