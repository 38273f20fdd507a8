package io.tidegate.core.exchange;

import io.tidegate.core.header.ConnectionFields;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.ResponseHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.Destination;
import io.tidegate.core.spi.Route;

/** The fields of the client response, from the upstream's (RFC 9110 §7.6, §6.6.1). */
final class ClientHead {
  private ClientHead() {}

  static FieldEdits edits(
      ClientRequest request,
      Route route,
      Destination destination,
      ResponseHead head,
      ProxyExchange exchange) {
    FieldEdits fields = new FieldEdits(head.fields());
    ConnectionFields.strip(fields);
    fields.remove(FieldName.CONTENT_LENGTH);
    if (!head.fields().contains(FieldName.DATE)) {
      fields.add(FieldName.DATE, exchange.client().loop().date());
    }
    hideServerSoftware(fields, exchange);
    exchange.snapshot().via().addTo(fields, head.version());
    route.headers().clientResponse(request, destination, head, fields);
    return fields;
  }

  /** The response as far as it is meant for more than the next hop (RFC 9110 §7.6.1). */
  static ResponseHead withoutConnectionFields(ResponseHead head) {
    FieldEdits fields = new FieldEdits(head.fields());
    ConnectionFields.strip(fields);
    return new ResponseHead(head.version(), head.status(), head.reason(), fields.toFields());
  }

  /** The fields of an interim response. */
  static FieldEdits interim(ResponseHead head, Destination from, ProxyExchange exchange) {
    FieldEdits fields = new FieldEdits(head.fields());
    ConnectionFields.strip(fields);
    fields.remove(FieldName.CONTENT_LENGTH);
    hideServerSoftware(fields, exchange);
    if (head.status() != 100) {
      exchange.snapshot().via().addTo(fields, head.version());
    }
    exchange.route().headers().interimResponse(exchange.request(), from, fields);
    return fields;
  }

  private static void hideServerSoftware(FieldEdits fields, ProxyExchange exchange) {
    if (exchange.snapshot().settings().hideServerSoftware()) {
      fields.remove(FieldName.SERVER).remove(FieldName.X_POWERED_BY);
    }
  }

  /**
   * A response without content may still tell the length it would have had (RFC 9110 §8.6): to
   * HEAD, and in a 304. The framing has been read by then, so the number is one.
   */
  static void addLength(FieldEdits fields, String method, ResponseHead head, Framing framing) {
    boolean told = framing == Framing.NONE && (method.equals("HEAD") || head.status() == 304);
    String length = told ? head.fields().first(FieldName.CONTENT_LENGTH) : null;
    if (length != null) {
      fields.add(FieldName.CONTENT_LENGTH, Long.toString(Long.parseLong(length)));
    }
    if (framing != Framing.CHUNKED) {
      fields.remove(FieldName.TRAILER);
    }
  }

  /** Whether a 101 response switches to the protocol that was asked for. */
  static boolean upgradesTo(ResponseHead head, String protocol) {
    return head.fields().hasMember(FieldName.UPGRADE, protocol)
        && head.fields().hasMember(FieldName.CONNECTION, "upgrade");
  }

  static void addUpgrade(FieldEdits fields, String protocol) {
    fields.add(FieldName.UPGRADE, protocol);
    fields.add(FieldName.CONNECTION, "Upgrade");
  }
}
