package io.tidegate.core.h2;

import io.tidegate.core.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * The head of a message as HTTP/2 has it (RFC 9113 §8.3): well-formed, its pseudo-header fields
 * apart. Of a request, status is 0; of a response, all but status and fields are null.
 *
 * @param method of a request
 * @param scheme of a request; null for a plain CONNECT
 * @param authority of a request; null if it has none
 * @param path of a request: origin-form or {@code *}; null for a plain CONNECT
 * @param protocol what an extended CONNECT asks for (RFC 8441); null if it is none
 * @param status of a response
 * @param fields the other fields, their names in lower case; several Cookie lines have become one
 */
public record Http2Head(
    @Nullable String method,
    @Nullable String scheme,
    @Nullable String authority,
    @Nullable String path,
    @Nullable String protocol,
    int status,
    Fields fields) {
  /** Names only: values may be secrets. */
  @Override
  public String toString() {
    return (status == 0 ? method : Integer.toString(status)) + " " + fields;
  }
}
