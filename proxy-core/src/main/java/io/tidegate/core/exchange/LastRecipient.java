package io.tidegate.core.exchange;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.FieldName;
import io.tidegate.core.http.Fields;
import io.tidegate.core.http.RequestHead;
import io.tidegate.core.spi.ClientRequest;
import io.tidegate.core.spi.OwnResponse;
import io.tidegate.core.wire.HeadWriter;
import java.nio.ByteBuffer;

/**
 * Our own answer to a TRACE or OPTIONS request that may not be forwarded any further (RFC 9110
 * §7.6.2).
 */
final class LastRecipient {
  /** A TRACE response must not repeat what may hold secrets (RFC 9110 §9.3.8). */
  private static final FieldName[] SECRETS = {
    FieldName.AUTHORIZATION, FieldName.PROXY_AUTHORIZATION, FieldName.COOKIE
  };

  private LastRecipient() {}

  static OwnResponse answer(ClientRequest request) {
    return request.head().method().equals("TRACE")
        ? new OwnResponse(200, Fields.of("Content-Type", "message/http"), received(request.head()))
        : OwnResponse.of(200, "Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE");
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
