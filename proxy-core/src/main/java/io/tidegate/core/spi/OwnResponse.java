package io.tidegate.core.spi;

import io.tidegate.core.http.Fields;
import java.nio.charset.StandardCharsets;

/**
 * A response that the proxy makes itself: a redirect, a fixed page, the answer to a preflight.
 *
 * @param status 200 to 599
 * @param fields its fields; Date and Content-Length are added
 * @param content its content, in octets; not sent in response to HEAD, nor with 204 and 304
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares responses
public record OwnResponse(int status, Fields fields, byte[] content)
    implements Resolution, ExchangeFilter.Verdict {
  /** Copies the content; rejects what is no final status. */
  public OwnResponse {
    content = content.clone();
    new Checks().between("status", status, 200, 599).done();
  }

  /** A response without content. */
  public static OwnResponse of(int status, String... namesAndValues) {
    return new OwnResponse(status, Fields.of(namesAndValues), new byte[0]);
  }

  /** The same with this text, in UTF-8; its Content-Type is the caller's affair. */
  public OwnResponse content(String text) {
    return new OwnResponse(status, fields, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The content; a copy. */
  @Override
  public byte[] content() {
    return content.clone();
  }
}
