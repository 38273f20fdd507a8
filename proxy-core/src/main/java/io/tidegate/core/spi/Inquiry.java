package io.tidegate.core.spi;

import io.tidegate.core.http.Fields;
import io.tidegate.core.http.ResponseHead;
import java.time.Duration;

/**
 * A request of a plug-in's own, without content.
 *
 * @param destination where it goes
 * @param method its method
 * @param pathAndQuery its target
 * @param host its Host
 * @param fields its other fields
 * @param maxContent how many octets of the response's content are wanted at most; what follows is
 *     not waited for
 * @param timeout how long it may take in all
 */
public record Inquiry(
    Destination destination,
    String method,
    String pathAndQuery,
    String host,
    Fields fields,
    int maxContent,
    Duration timeout) {
  /**
   * What was answered.
   *
   * @param head the final response
   * @param content its content, or the beginning of it
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares answers
  public record Answer(ResponseHead head, byte[] content) {}
}
