package io.tidegate.core.exchange;

import io.tidegate.core.http.Fields;
import io.tidegate.core.spool.ContentReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Content of a request that is kept, to be sent as often as it takes. */
abstract class KeptContent {
  private @Nullable Fields trailers;

  /** Takes all of {@code data} as what comes next. */
  abstract void add(ByteBuffer data);

  /** How many octets are here. */
  abstract long length();

  /** Whether it is time to wait before more is added. */
  abstract boolean isBacklogged();

  /** A reader from the first octet on. */
  abstract ContentReader read();

  /** It is not needed any more. */
  abstract void close();

  /** Nothing more will come. */
  final void end(Fields received) {
    trailers = received;
  }

  /** Whether all of the content is here. */
  final boolean isComplete() {
    return trailers != null;
  }

  /** The trailer section that was received; null before the end. */
  final @Nullable Fields trailers() {
    return trailers;
  }
}
