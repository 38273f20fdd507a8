package io.tidegate.core.server;

import io.tidegate.core.http.FieldEdits;
import io.tidegate.core.io.BodySink;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where the content of a response goes that may have none: nowhere. */
final class NoContent implements BodySink {
  static final NoContent SINK = new NoContent();

  private NoContent() {}

  @Override
  public void write(ByteBuffer data) {
    data.position(data.limit());
  }

  @Override
  public void end(@Nullable FieldEdits trailers) {}

  @Override
  public boolean backlogged() {
    return false;
  }
}
