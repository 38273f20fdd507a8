package io.tidegate.core.server;

import io.tidegate.core.http.Ascii;
import io.tidegate.core.http.BadMessageException;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.HttpVersion;
import io.tidegate.core.http.RequestHead;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import io.undertow.util.Protocols;

/**
 * Heads between Undertow's types and ours, checked on the way in: every octet may go to an
 * upstream.
 */
final class MountedHeads {
  private MountedHeads() {}

  /** The head of the request that {@code exchange} stands for. */
  static RequestHead request(HttpServerExchange exchange) throws BadMessageException {
    String method = exchange.getRequestMethod().toString();
    if (!Ascii.isToken(method)) {
      throw BadMessageException.syntax("invalid method");
    }
    return new RequestHead(
        method, target(exchange), version(exchange), fields(exchange.getRequestHeaders()));
  }

  /** Our form of {@code headers}. */
  static Fields fields(HeaderMap headers) throws BadMessageException {
    FieldEdits fields = new FieldEdits(Fields.empty());
    for (HeaderValues values : headers) {
      String name = values.getHeaderName().toString();
      if (!Ascii.isToken(name)) {
        throw BadMessageException.syntax("invalid octet in a field name");
      }
      FieldName fieldName = FieldName.of(name);
      for (String value : values) {
        if (!Ascii.isFieldValue(value)) {
          throw BadMessageException.syntax("control octet in a field value");
        }
        fields.add(fieldName, trim(value));
      }
    }
    return fields.toFields();
  }

  /** Puts the lines that remain after the edits into {@code headers}. */
  static void copy(FieldEdits fields, HeaderMap headers) {
    Fields received = fields.received();
    for (int i = 0; i < received.size(); i++) {
      if (fields.keeps(i)) {
        headers.add(HttpString.tryFromString(received.name(i)), received.value(i));
      }
    }
    for (int i = 0; i < fields.added(); i++) {
      headers.add(HttpString.tryFromString(fields.addedName(i)), fields.addedValue(i));
    }
  }

  private static String target(HttpServerExchange exchange) throws BadMessageException {
    String query = exchange.getQueryString();
    String target =
        query.isEmpty() ? exchange.getRequestURI() : exchange.getRequestURI() + "?" + query;
    for (int i = 0; i < target.length(); i++) {
      if (!Ascii.isTarget(target.charAt(i))) {
        throw BadMessageException.syntax("invalid request target");
      }
    }
    if (target.isEmpty()) {
      throw BadMessageException.syntax("empty request target");
    }
    return target;
  }

  private static HttpVersion version(HttpServerExchange exchange) throws BadMessageException {
    HttpString protocol = exchange.getProtocol();
    if (protocol.equals(Protocols.HTTP_1_1)) {
      return HttpVersion.HTTP_1_1;
    }
    if (protocol.equals(Protocols.HTTP_1_0)) {
      return HttpVersion.HTTP_1_0;
    }
    if (protocol.equals(Protocols.HTTP_2_0)) {
      return HttpVersion.HTTP_2;
    }
    throw new BadMessageException(BadMessageException.Fault.VERSION, "HTTP version not supported");
  }

  private static String trim(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && (value.charAt(from) == ' ' || value.charAt(from) == '\t')) {
      from++;
    }
    while (to > from && (value.charAt(to - 1) == ' ' || value.charAt(to - 1) == '\t')) {
      to--;
    }
    return value.substring(from, to);
  }
}
