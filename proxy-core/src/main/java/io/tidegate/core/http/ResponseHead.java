package io.tidegate.core.http;

/**
 * The control data and fields of a response (RFC 9110 §6.2).
 *
 * @param version the version of the message
 * @param status the status code, 100 to 999
 * @param reason the reason phrase, possibly empty
 * @param fields the fields of the head
 */
public record ResponseHead(HttpVersion version, int status, String reason, Fields fields) {
  /** Whether this is an interim response (RFC 9110 §15.2), which a final one follows. */
  public boolean isInterim() {
    return status < 200 && status != 101;
  }

  @Override
  public String toString() {
    return status + " " + fields;
  }
}
