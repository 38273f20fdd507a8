package io.tidegate.core.exchange;

import io.tidegate.core.header.Trailers;
import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.http.Fields;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Content of a request that is kept: to be looked at, and to be sent as often as it takes. */
final class CollectedContent {
  private byte[] octets = {};
  private int length;
  private @Nullable Fields trailers;

  /** Content of no octets, and no trailers. */
  static CollectedContent empty() {
    CollectedContent empty = new CollectedContent();
    empty.end(Fields.empty());
    return empty;
  }

  /** Takes all of {@code data} as what comes next. */
  void add(ByteBuffer data) {
    int longer = length + data.remaining();
    if (longer > octets.length) {
      octets = Arrays.copyOf(octets, Math.max(longer, 2 * octets.length));
    }
    data.get(octets, length, data.remaining());
    length = longer;
  }

  /** Nothing more will come. */
  void end(Fields received) {
    trailers = received;
  }

  /** Whether all of the content is here. */
  boolean isComplete() {
    return trailers != null;
  }

  /** How many octets are here. */
  int length() {
    return length;
  }

  /** What is here from {@code position} on, at most {@code most} octets. */
  ByteBuffer from(int position, int most) {
    return ByteBuffer.wrap(octets, position, Math.min(most, length - position)).asReadOnlyBuffer();
  }

  /** The trailer section to send on, or null if nothing of it goes on. */
  @Nullable FieldEdits trailers() {
    return trailers == null ? null : Trailers.filter(trailers);
  }
}
