package io.tidegate.core.exchange;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.Framing;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.io.BodySink;
import io.tidegate.core.server.ClientExchange;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.wire.HeadWriter;
import java.nio.ByteBuffer;

/**
 * Our own answer to a TRACE or OPTIONS request that may not be forwarded any further (RFC 9110
 * §7.6.2).
 */
final class LastRecipient {
  private static final FieldName ALLOW = FieldName.of("Allow");

  /** A TRACE response must not repeat what may hold secrets (RFC 9110 §9.3.8). */
  private static final FieldName[] SECRETS = {
    FieldName.AUTHORIZATION, FieldName.PROXY_AUTHORIZATION, FieldName.COOKIE
  };

  private LastRecipient() {}

  static void answer(ClientExchange client, ClientRequest request) {
    FieldEdits fields = new FieldEdits(Fields.empty());
    fields.add(FieldName.DATE, client.loop().date());
    byte[] content = new byte[0];
    if (request.head().method().equals("TRACE")) {
      fields.add(FieldName.CONTENT_TYPE, "message/http");
      content = received(request.head());
    } else {
      fields.add(ALLOW, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE");
    }
    BodySink sink = client.respond(200, "OK", fields, Framing.fixed(content.length));
    sink.write(ByteBuffer.wrap(content));
    sink.end(null);
  }

  private static byte[] received(RequestHead head) {
    FieldEdits fields = new FieldEdits(head.fields());
    for (FieldName secret : SECRETS) {
      fields.remove(secret);
    }
    HeadWriter text =
        new HeadWriter().requestLine(head.method(), head.target()).fields(fields).end();
    byte[] octets = new byte[text.length()];
    text.copyTo(ByteBuffer.wrap(octets));
    return octets;
  }
}
